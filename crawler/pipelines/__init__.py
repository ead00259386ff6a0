"""What happens to pages, in this order: archive, parse, store."""
