"""What happens to requests and answers on their way, one concern a file."""
