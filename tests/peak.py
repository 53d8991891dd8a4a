"""The peak of a process's memory, for programs that tests start."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak_bytes() -> int:
    """Return the most memory that this process had so far.

    On Linux not by getrusage: there a child begins with the peak of the process that started it.
    """
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text("ascii")
        return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
