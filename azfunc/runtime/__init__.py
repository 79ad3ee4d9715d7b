"""The host's half in plain Python: loading apps, checking them, and calling their functions without a host."""
