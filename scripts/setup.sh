#!/bin/sh
# Makes the virtual environment named by $1 and installs what requirements.lock says into it, checked by hash;
# then nianbao itself, editable. Needs Python 3.11 to 3.13. The installer is the uv of the lock, which takes a third of pip's time; pip where uv
# cannot do it.
set -eu

venv=$1
here=$(dirname "$0")
python="$venv/bin/python"

# An environment whose Python has gone (the folder was moved, Python was upgraded) is made anew.
if ! "$python" -c 'import pip' >/dev/null 2>&1; then
    base=$(sh "$here/python.sh")
    echo "make: a virtual environment in $venv from $base"
    if ! "$base" -m venv --clear "$venv" >"$venv.log" 2>&1; then
        cat "$venv.log" >&2
        rm -f "$venv.log"
        echo "make: $base could not make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
    rm -f "$venv.log"
fi

# Its lines of the lock, hashes included. uv does not read pip's settings: the index that they name is handed on.
with_uv() {
    awk '/^uv==/ { found = 1 } found { print } found && !/\\$/ { exit }' requirements.lock >"$venv/.uv.txt"
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$venv/.uv.txt" || return 1
    index=$("$python" -m pip config list | sed -n "s/^[a-z:]*\.index-url='\(.*\)'$/\1/p" | tail -n 1)
    if [ -n "$index" ]; then
        export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    fi
    "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$python" --require-hashes -r requirements.lock
}

with_pip() {
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements.lock
}

echo "make: installing what requirements.lock names (the first time takes a minute or two)"
if ! with_uv 2>/dev/null && ! with_pip; then
    echo "make: the packages of requirements.lock could not be installed; the lines above say why. Check the network and pip's settings, then run make again." >&2
    exit 1
fi
"$python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .
