#!/bin/sh
# Some portals build their lists by script, and are read through a Chromium. This finds one, or installs one, or says
# in one line how to. It never stops anything: all other portals work without it.
# A failed installation is tried once; the marker file $1 remembers it.
set -u

marker=${1:-.venv/.no-browser}
python=${2:-.venv/bin/python}

# Not every system has timeout(1).
limited() {
    seconds=$1
    shift
    if command -v timeout >/dev/null 2>&1; then timeout "$seconds" "$@"; else "$@"; fi
}

found() {
    [ -x "${NIANBAO_CHROMIUM:-}" ] && return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    "$python" -c '
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    sys.exit(not pathlib.Path(p.chromium.executable_path).exists())' >/dev/null 2>&1
}

install() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "make: no Chromium found; installing Debian's (chromium, fonts-noto-cjk)"
        export DEBIAN_FRONTEND=noninteractive
        packages="chromium fonts-noto-cjk"
        # shellcheck disable=SC2086  # two words are meant
        limited 600 sh -c "apt-get install -y -qq --no-install-recommends $packages || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; }" >/dev/null 2>&1 </dev/null && found && return 0
    fi
    echo "make: no Chromium found; trying playwright's own"
    limited 300 "$python" -m playwright install chromium >/dev/null 2>&1 </dev/null && found
}

if found; then
    rm -f "$marker"
    exit 0
fi
[ -e "$marker" ] || install || touch "$marker"
[ -e "$marker" ] && echo "make: no Chromium: portals that need a browser will be left out, all else works. To have one: apt-get install chromium fonts-noto-cjk (or: $python -m playwright install chromium)" >&2
exit 0
