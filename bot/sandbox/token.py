"""The bot's token in the sandbox."""

TOKEN = "7000000001:AAsandboxTokenOfTheLocalLookAlike000"
"""In the shape of a real one; it opens nothing but a sandbox on this machine."""
