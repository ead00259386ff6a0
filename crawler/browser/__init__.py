"""The browser for the few pages that are built by script, and its only door."""
