"""How a host is asked: whether, when, by whom, and over what."""
