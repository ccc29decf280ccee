#!/usr/bin/env bash
# Lays the locked environment into this folder. Needs Python 3.11 or newer and a package index; not root.
set -euo pipefail
stamp=.venv/.synced
if [ -e "$stamp" ] && [ "$stamp" -nt uv.lock ] && [ "$stamp" -nt pyproject.toml ]; then
    exit 0
fi

fail() {
    echo "Failed: $1" >&2
    exit 1
}

find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed; found $(python3 --version 2> /dev/null || echo none)."
}

# Debian's Python makes no environment until python3-venv is installed, but it may have pip.
install_uv() {
    local pip=(-m pip install --quiet --disable-pip-version-check "uv>=0.9")
    echo "Installing uv into .local/bootstrap …"
    mkdir -p -m 700 .local || fail "$PWD cannot be written to."
    if "$1" -m venv --clear .local/bootstrap > /dev/null 2>&1; then
        .local/bootstrap/bin/python "${pip[@]}"
    else
        "$1" "${pip[@]}" --target .local/bootstrap --upgrade
    fi || fail "uv could not be installed: $1 needs venv or pip (on Debian: apt install python3-venv) and a package index."
}

python=$(find_python)
uv=uv
if ! uv --version > /dev/null 2>&1; then
    uv=.local/bootstrap/bin/uv
    [ -x "$uv" ] || install_uv "$python"
fi

echo "Installing the locked environment into .venv …"
"$uv" sync --frozen --quiet --all-packages --python "$python" || fail "The locked packages could not be installed; uv says why above."
touch "$stamp"
