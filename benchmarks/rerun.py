"""`make bench-rerun N=20000 GROWTH=2000`: how fast a rerun is, how much memory and disk it takes, on this machine.

    python -m benchmarks.rerun --reports 20000 [--growth 2000] [--mongodb mongodb://…] [--only all | --skip parallel]

Every part prints its figures as it comes to its end. Without an address it starts an embedded server of its own in a
temporary folder. Beside each time stands the processor
time, which says the same on a machine that others use as well.

What measures is loaded by `main`: this file is loaded by every parser process, and `nianbao`, whose place it takes, is
small as well.
"""

from __future__ import annotations

import argparse
import os

NAMES = "selecting, parallel, edited (a new fingerprint each), all (everything read again)"


def main() -> None:
    from benchmarks.rerun_figures import growth
    from benchmarks.rerun_measure import chosen, of_size

    arguments = _arguments()
    load_average = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"load average at the start: {load_average}", flush=True)
    sizes = [*([arguments.growth] if arguments.growth else []), arguments.reports]
    parts = chosen(arguments.only, arguments.skip)
    found = [of_size(size, arguments.mongodb, parts=parts, stale=arguments.stale) for size in sizes]
    if len(found) == 2:
        print("\nHow it grows:", *growth(*found), sep="\n")
    print("\nTargets:", *found[-1].verdicts(), sep="\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=2000, help="how many reports the archive has")
    parser.add_argument("--growth", type=int, default=0, help="a smaller archive first, and how each figure grows")
    parser.add_argument("--stale", type=int, default=1000, help="of how many an edit is, at most every second")
    parser.add_argument("--mongodb", default="", help="a MongoDB instead of an embedded server; its own database in it")
    parser.add_argument("--only", nargs="+", default=[], metavar="PART", help="building, and only these: " + NAMES)
    parser.add_argument("--skip", nargs="+", default=[], metavar="PART", help="all parts but these: " + NAMES)
    return parser.parse_args()


if __name__ == "__main__":
    main()
