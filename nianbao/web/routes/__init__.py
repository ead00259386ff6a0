"""The pages, one file each, and the JSON behind them."""
