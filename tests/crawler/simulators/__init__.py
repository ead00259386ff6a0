"""Portals of every vendor, small and on loopback, behaving as portals.md section 2 describes, traps included."""
