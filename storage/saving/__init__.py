"""What a save does: two readings compared, the writes worked out, and carried out."""
