"""Checks that need two reports (domain.md section 2, rules of level X). They stand beside reports, never in them."""
