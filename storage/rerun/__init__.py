"""Parse the archive again: what is out of date, through the same code and the same write path as a crawl.

`plan` says what is out of date, by index; `work` fetches the bytes, `read` parses them in worker processes, `delta`
compares, `spool` keeps what was read, `guard` judges the whole before anything is written, `apply` writes. `run` is
the way through all of them.
"""
