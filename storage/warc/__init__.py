"""The raw archive as WARC, the format of web archives (ISO 28500:2017, WARC/1.1), out and in.

`fields` says how a capture travels, `write` streams an archive into a file, `read` takes a file into an archive.
"""
