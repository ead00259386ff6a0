"""From grids and flattened lines to cells with a path, a value and a place."""
