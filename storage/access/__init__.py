"""How the database is asked and written: shapes of queries, batches, patience."""
