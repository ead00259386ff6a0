"""One command a file. Each imports at the top only what its options need, the rest when it runs."""
