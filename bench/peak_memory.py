"""The most memory that this process had."""

from pathlib import Path


def peak_memory() -> float:
    """MiB since the program began.

    (`getrusage` would also count what the parent had when it forked: it survives the start of
    another program.)
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    kibibytes: str = status.partition("VmHWM:")[2].split()[0]
    return int(kibibytes) / 1024
