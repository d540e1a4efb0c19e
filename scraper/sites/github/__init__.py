"""GitHub: repositories by GraphQL with a token, by REST without one."""
