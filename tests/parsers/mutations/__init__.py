"""Damage done to invented reports, and what a careful person could still read in them: `registry.MUTATIONS`.

After any of them a figure may be right, or null, or flagged; never silently another number.
"""
