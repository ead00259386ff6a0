#!/bin/sh
# Prints the path of a Python that nianbao runs on (3.11, 3.12 or 3.13), or says in one line that there is none.
# $PYTHON goes first. Every candidate is really started: a version manager's shim may exist for a Python that does not.
set -u

fits='import sys, venv; print(sys.executable); sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    found=$("$candidate" -c "$fits" 2>/dev/null) && [ -n "$found" ] && echo "$found" && exit 0
done

echo "make: no Python 3.11, 3.12 or 3.13 found on PATH. Install one (Debian: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12 ..." >&2
exit 1
