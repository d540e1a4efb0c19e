"""What the commands do around a run, and with what it leaves; one module a command."""
