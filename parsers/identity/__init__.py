"""Whose report it is, of which year, and what it covers: titles, organs and their names, the day of publication."""
