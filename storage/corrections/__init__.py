"""What people have put right: read, laid over a report, written down."""
