"""Processes that visit portals: here, or on the machines of a cluster."""
