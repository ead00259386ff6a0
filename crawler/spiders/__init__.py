"""Where a crawl starts and what it follows. One base, one way to read a column, one file for each way to start."""
