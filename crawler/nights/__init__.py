"""The runs that nobody watches: what is due, past years, and what is looked at in the end."""
