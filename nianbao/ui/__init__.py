"""What every command needs to speak with people and programs: consoles, errors, labels, forms."""
