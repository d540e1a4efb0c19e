"""What other people's files may not decide: a cloned list brings its settings file and its links.

steering     which settings say where requests, credentials and files go, and when that is refused
agreement    what the user has agreed to, by content, in a folder of the user's own
"""
