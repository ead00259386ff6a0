"""The version of the parser code. Raise it whenever the same bytes may now give another report.

History: 1 first version.
"""

PARSER_VERSION = "1"
