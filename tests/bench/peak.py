"""How much memory this process has held at most."""

import re
from pathlib import Path


def peak_mb() -> float:
    """Return the megabytes; getrusage would count those of the process that started this one."""
    found = re.search(r"^VmHWM:\s*(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    if found is None:
        raise RuntimeError("/proc/self/status tells no VmHWM.")
    return int(found[1]) / 1024
