"""`nianbao serve`: the archive in a browser, read-only."""
