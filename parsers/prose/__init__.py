"""Figures that stand in sentences: which words give one, and whether it is this organ's, of this year, and the whole."""
