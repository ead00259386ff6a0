"""Which organ's report of which year is there, and where it is not, what is known of why."""
