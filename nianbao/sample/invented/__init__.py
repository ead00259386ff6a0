"""An invented town with ten years of invented reports: for questions that need many organs and years.

Nothing in it is true of anybody. It is made by rules from fixed seeds, so that everybody's is the same, and stored in a
database of its own by the road that every report takes: archived, read by the parser, kept, checked.
"""
