#!/usr/bin/env bash
# Lays the locked environment into this folder. Needs Python 3.11 or newer and a package index; not root.
# PYTHON=python3.12 chooses another Python than the first one that serves.
set -euo pipefail
export UV_PYTHON_DOWNLOADS="${UV_PYTHON_DOWNLOADS:-never}"
stamp=.venv/.synced # names the folder: an environment that was moved with its folder does not work

fail() {
    echo "Failed: $1" >&2
    exit 2
}

serves() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null
}

is_whole() {
    [ "$(cat "$stamp" 2> /dev/null)" = "$PWD" ] && serves .venv/bin/python
}

if is_whole && [ "$stamp" -nt uv.lock ] && [ "$stamp" -nt pyproject.toml ]; then
    exit 0
fi

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if serves "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed; found $(${PYTHON:-python3} --version 2>&1 | head -n 1)."
}

is_uv() {
    [[ "$("$1" --version 2> /dev/null)" == uv\ * ]] # an empty file would run, too
}

# Debian's Python makes no environment until python3-venv is installed, but it may have pip.
install_uv() {
    local pip=(-m pip install --quiet --disable-pip-version-check "uv>=0.9")
    echo "Installing uv, the package installer, into .local/bootstrap …"
    { mkdir -p -m 700 .local && rm -rf .local/bootstrap; } || fail "$PWD cannot be written to."
    if "$1" -m venv .local/bootstrap > /dev/null 2>&1; then
        .local/bootstrap/bin/python "${pip[@]}"
    else
        "$1" "${pip[@]}" --target .local/bootstrap --upgrade
    fi || fail "uv could not be installed: $1 needs venv or pip (on Debian: apt install python3-venv) and a package index."
}

python=$(find_python)
uv=uv
if ! is_uv uv; then
    uv=.local/bootstrap/bin/uv
    is_uv "$uv" || install_uv "$python"
fi

# What a setup that was stopped left behind may pass for installed; from the cache it is soon made anew.
if [ -e .venv ] && ! is_whole; then
    echo "Removing .venv: it was not finished, is of another folder or has lost its Python …"
    rm -rf .venv || fail "$PWD/.venv cannot be removed."
fi
rm -f "$stamp"
echo "Installing the $(grep -c '^name = ' uv.lock) packages of uv.lock into .venv, with $("$python" --version 2>&1) …"
# Compiled now, once: a process that has Prefect to compile first starts four seconds later.
"$uv" sync --frozen --quiet --all-packages --compile-bytecode --python "$python" || fail "The locked packages could not be installed; uv says why above."
echo "$PWD" > "$stamp"
