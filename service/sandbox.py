"""What a worker process gives up before it sees its first query: the network, new programs, memory without end.

The network goes by a seccomp-BPF filter (seccomp(2)) on Linux for x86-64 and AArch64. Elsewhere `deny_network`
changes nothing and says so by its result; the token guard then is the only fence around SERVICE.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE = 0, 4
_X32 = 0x40000000

# machine → (audit architecture, {system call: number})
_MACHINES = {
    "x86_64": (
        0xC000003E,
        {"socket": 41, "connect": 42, "execve": 59, "ptrace": 101, "execveat": 322, "io_uring_setup": 425},
    ),
    "aarch64": (
        0xC00000B7,
        {"socket": 198, "connect": 203, "execve": 221, "ptrace": 117, "execveat": 281, "io_uring_setup": 425},
    ),
}


def limit_memory(extra: int) -> None:
    """Allows `extra` bytes of address space beyond what the process has now; leaves no core file when it dies."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    used = int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = used + extra
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def die_with_parent() -> None:
    """Asks Linux to kill this process when the one that started it dies, however that ends."""
    if sys.platform == "linux":
        parent = os.getppid()
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def deny_network() -> bool:
    """Makes socket(2) and its kin fail with EACCES, in this thread and all it starts; False where that cannot be."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    program = _filter(*machine)
    buffer = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog { unsigned short length; struct sock_filter *filter; }
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer)))
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1) and _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(head))


def _filter(architecture: int, calls: dict[str, int]) -> bytes:
    """The BPF program: a foreign architecture or a listed call is refused, all else allowed."""
    refuse = _ERRNO | errno.EACCES
    count = len(calls)
    steps = [
        (_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        (_JUMP_EQUAL, 0, count + 3, architecture),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
        (_JUMP_AT_LEAST, count + 1, 0, _X32),
        *((_JUMP_EQUAL, count - index, 0, number) for index, number in enumerate(sorted(calls.values()))),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, refuse),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _prctl(option: int, second: int, third: int = 0) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = (ctypes.c_ulong(value) for value in (second, third, 0, 0))
    return int(libc.prctl(option, *arguments)) == 0
