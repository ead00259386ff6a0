"""kill -9 of whoever is at work, at random points, round after round: `make torture ROUNDS=50`."""
