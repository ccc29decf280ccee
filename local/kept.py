"""Tell whether this version can use what another one keeps in `.local`."""

import shutil
from pathlib import Path

from local.paths import Paths, write_private
from local.servers import running_port
from social_vault.errors import SettingsError

# The format of the kept warehouse and objects. 1 is that of every version until now, stamped or
# not: a later one whose tables or keys differ counts on, and says below what it can use.
FORMAT = 1
USABLE = {1}


def check_kept(paths: Paths) -> None:
    """Refuse what another version keeps here and this one cannot use; else leave our stamp."""
    found = kept_format(paths)
    if found not in USABLE:
        raise SettingsError(
            f"{paths.root} keeps the warehouse of another version "
            f"of social-vault (format {found}, expected {FORMAT}): `make run FRESH=1` forgets it."
        )
    paths.make()
    if not stamp_of(paths).exists():
        write_private(stamp_of(paths), f"{FORMAT}\n")


def kept_format(paths: Paths) -> int:
    """Read which format is kept here; what bears no stamp is of the first one, 0 is none."""
    try:
        text = stamp_of(paths).read_text(encoding="ascii")
    except FileNotFoundError:
        return 1
    except UnicodeDecodeError:
        return 0
    return int(text) if text.strip().isdecimal() else 0


def forget(paths: Paths) -> None:
    """Remove the kept warehouse and objects, of another version the Prefect server's data, too."""
    if any(running_port(paths.address(server)) for server in ("s3", "vertica")):
        raise SettingsError("The local servers run in another terminal; stop them before --fresh.")
    folders = [paths.database.parent, paths.storage]
    if kept_format(paths) not in USABLE:
        folders.append(paths.prefect)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    stamp_of(paths).unlink(missing_ok=True)


def stamp_of(paths: Paths) -> Path:
    """Return the file that says which format is kept."""
    return paths.root / "format"
