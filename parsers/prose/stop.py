"""What a full stop is in the text that patterns see."""

STOP = "`"
"""A class with it and commas ([^。;,]) is one of ASCII alone, which compiles in a tenth of the time: there are two hundred of
them."""


def with_stop(pattern: str) -> str:
    return pattern.replace("。", STOP)
