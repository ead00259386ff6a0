"""The command `nianbao`, and `python -m nianbao`.

Imports next to nothing at the top: Ctrl-C in the third of a second in which the command line is loaded ends a command as it
does later, in a line and without a traceback.
"""

import os
import sys
from contextlib import suppress

INTERRUPTED = 130
"""`nianbao.ui.errors.Exit.INTERRUPTED`, before that is there."""


def main() -> None:
    """Run a command and leave with its exit code."""
    try:
        from nianbao.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        # While it was loaded, or once more while the first one was dealt with.
        with suppress(OSError):
            os.write(2, b"\nnianbao: interrupted. Start the command again.\n")
        code = INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":  # worker processes import this file, and must not run the command again
    main()
