"""Invented reports in every carrier: what a report says is known to the last cell, so what is read can be judged.

`reports.invent` makes a report from a seed, `carriers.CARRIERS` renders it, `parsers.parse` must read it back.
"""
