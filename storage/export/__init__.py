"""The archive for other programs: a tidy panel, every cell, or the whole reports, as CSV, Parquet, XLSX or JSON Lines."""
