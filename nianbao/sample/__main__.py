"""Serve the sample portal until Ctrl-C: `python -m nianbao.sample --port 8765`."""

from __future__ import annotations

import argparse
from contextlib import suppress

from nianbao.sample.portal import SamplePortal, until_interrupted


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nianbao.sample", description="Serve the sample portal.")
    parser.add_argument("--port", type=int, default=8765, help="0 takes a free one (default: %(default)s)")
    parser.add_argument(
        "--next-day", action="store_true", help="as it stands a day later: one report corrected, one added"
    )
    parser.add_argument("--next-year", action="store_true", help="one report more, and its form has changed")
    arguments = parser.parse_args()
    try:
        with SamplePortal(arguments.port) as portal:
            if arguments.next_day:
                portal.correct()
                portal.publish()
            if arguments.next_year:
                portal.next_year()
            # Whoever reads the line may stop us before print has come back.
            with suppress(KeyboardInterrupt):
                print(f"The sample portal is at {portal.url} - Ctrl-C stops it.", flush=True)
                until_interrupted()
    except OSError as error:
        parser.exit(1, f"Port {arguments.port} cannot be used ({error.strerror}); name another with --port.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
