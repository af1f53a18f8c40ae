"""Shut this process in, for good: from here on it can compute and write its answer, nothing else.

For the process that reads files which anybody may have made. What is asked of the system is Linux's
own filter of system calls, straight through `prctl`: no library and no privilege is needed. Where
there is no such filter (macOS, Windows, another processor), the limits below hold alone.
"""

from __future__ import annotations

import ctypes
import encodings
import errno
import importlib
import pkgutil
import platform
import struct
import sys
from typing import Final

# What a program needs to go on computing, and the kernel's numbers of it on each kind of machine.
NEEDED: Final[dict[str, tuple[int, int]]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "lseek": (8, 62),
    "fstat": (5, 80),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "brk": (12, 214),
    "futex": (202, 98),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "getrandom": (318, 278),
    "clock_gettime": (228, 113),
    "sched_yield": (24, 124),
    "gettid": (186, 178),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
# By the name of the machine: how the kernel calls it, and which of the numbers are its own.
MACHINES: Final[dict[str, tuple[int, int]]] = {
    "x86_64": (0xC000003E, 0),
    "aarch64": (0xC00000B7, 1),
}
SET_SECCOMP, NO_NEW_PRIVILEGES, FILTER = 22, 38, 2
LOAD, EQUALS, RETURN = 0x20, 0x15, 0x06
NUMBER_AT, MACHINE_AT = 0, 4
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM

# What Python's own library imports in the middle of its work: for the commonest of many, for dates.
LATE: Final = ("heapq", "_strptime")
# Not on every system, and of no use where they are.
NOT_HERE: Final = {"mbcs", "oem"}


class _Program(ctypes.Structure):
    """A filter as the kernel reads it: how many instructions, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def confine() -> bool:
    """Take away all that reading a file does not need; tell whether the system's filter is on.

    Nothing can be opened afterwards, so every module must have been imported, and this cannot be
    taken back.
    """
    for module in pkgutil.iter_modules(encodings.__path__):
        # Python opens these when it first needs them.
        if module.name not in NOT_HERE:
            importlib.import_module(f"encodings.{module.name}")
    for name in LATE:
        importlib.import_module(name)
    _limit()
    return sys.platform == "linux" and _filter()


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    # No file is written, none opened beside the three that are, no process begun, no image of the
    # memory left behind. Whoever is root may undo this, but for the filter.
    for limit, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):  # macOS refuses some limits
            continue


def _filter() -> bool:
    known = MACHINES.get(platform.machine())
    if known is None:
        return False
    machine, column = known
    calls = [numbers[column] for numbers in NEEDED.values()]
    instructions = [
        (LOAD, 0, 0, MACHINE_AT),
        (EQUALS, 1, 0, machine),
        (RETURN, 0, 0, REFUSE),
        (LOAD, 0, 0, NUMBER_AT),
        *((EQUALS, len(calls) - at, 0, call) for at, call in enumerate(calls)),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in instructions)
    kept = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(instructions), ctypes.cast(kept, ctypes.c_void_p))
    system = ctypes.CDLL(None)
    no = ctypes.c_ulong(0)
    if system.prctl(NO_NEW_PRIVILEGES, ctypes.c_ulong(1), no, no, no) != 0:
        return False
    set_filter = (ctypes.c_ulong(FILTER), ctypes.byref(program), no, no)
    return bool(system.prctl(SET_SECCOMP, *set_filter) == 0)
