#!/usr/bin/env bash
# Lays the locked environment into this folder. Needs Python 3.11 or newer and a package index; not root.
set -euo pipefail
stamp=.venv/.synced
if [ -e "$stamp" ] && [ "$stamp" -nt uv.lock ] && [ "$stamp" -nt pyproject.toml ]; then
    exit 0
fi

python=
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" > /dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Failed: Python 3.11 or newer is needed; found $(python3 --version 2> /dev/null || echo none)." >&2
    exit 1
fi

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    uv=.local/bootstrap/bin/uv
    if [ ! -x "$uv" ]; then
        echo "Installing uv into .local/bootstrap …"
        "$python" -m venv .local/bootstrap || {
            echo "Failed: $python cannot make a virtual environment (on Debian: apt install python3-venv)." >&2
            exit 1
        }
        .local/bootstrap/bin/pip install --quiet --disable-pip-version-check "uv>=0.9"
    fi
fi

echo "Installing the locked environment into .venv …"
"$uv" sync --frozen --quiet --python "$python"
touch "$stamp"
