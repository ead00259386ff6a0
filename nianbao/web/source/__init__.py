"""The archived page shown beside its figures: a harmless copy in which every figure has its place."""
