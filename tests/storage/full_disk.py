"""A process whose files may not grow beyond a size, and neither may those of the server that it starts:

    python -m tests.storage.full_disk MEGABYTES

Archives pages until the database refuses; prints the id of each capture that was acknowledged, then why it ended. This is
RLIMIT_FSIZE: to a server it is what a full disk is, a write that the system refuses. Done by hand on a tmpfs of 48 MB, the
embedded server ends in the same way (a panic of its storage, after which it answers nothing but pings).
"""

from __future__ import annotations

import os
import resource
import sys

from storage.archive import Archive
from storage.database import open_database
from storage.errors import DatabaseError
from storage.settings import load
from tests.storage.synthetic import capture

SIZE = 40_000


def main() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]) << 20,) * 2)
    try:
        with open_database(load()) as db:
            archive = Archive(db)
            for start in range(0, 100_000, 20):
                stored = archive.store([capture(n, os.urandom(SIZE)) for n in range(start, start + 20)])
                print(*(one.capture_id for one in stored), sep="\n", flush=True)
    except DatabaseError as error:
        print(type(error).__name__, error)


if __name__ == "__main__":
    main()
