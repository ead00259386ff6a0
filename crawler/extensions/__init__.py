"""What watches a crawl and is no part of it."""
