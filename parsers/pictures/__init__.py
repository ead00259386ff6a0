"""Pictures that stand for a report or for its tables: which are worth fetching, and what counts of what is read in them."""
