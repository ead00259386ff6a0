"""One page: its links and marks, how it is built, and the files that belong to it."""
