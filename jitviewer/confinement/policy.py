"""What the processes that meet a stranger's file may do, as data with a reason each."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple


class Role(Enum):
    """What a process is for.

    ENGINE parses, EVALUATOR computes constants of a graph, RUNNER runs an archive's program. FILE_RUNNER is
    one that the person allowed to reach files, REMOTE_RUNNER one on another machine, which opens the files
    itself. PERSON executes a person's own Python.
    """

    ENGINE = "engine"
    EVALUATOR = "evaluator"
    RUNNER = "runner"
    FILE_RUNNER = "file-runner"
    REMOTE_RUNNER = "remote-runner"
    PERSON = "person"


class Allowance(NamedTuple):
    """Something that is granted, and why."""

    what: str
    reason: str


READ: Final = (
    Allowance("/usr/lib", "libraries that Python and torch load"),
    Allowance("/usr/lib64", "libraries that Python and torch load"),
    Allowance("/usr/local/lib", "libraries that Python and torch load, CUDA's among them"),
    Allowance("/usr/local/cuda", "CUDA's libraries where NVIDIA installs them"),
    Allowance("/lib", "libraries, where it is no link to /usr/lib"),
    Allowance("/lib64", "the loader of libraries"),
    Allowance("/nix/store", "everything, on NixOS"),
    Allowance("/gnu/store", "everything, on Guix"),
    Allowance("/etc/ld.so.cache", "where the loader finds libraries"),
    Allowance("/usr/share/zoneinfo", "the local time"),
    Allowance("/etc/localtime", "the local time"),
    Allowance("/dev/urandom", "seeds"),
    Allowance("/proc/self", "what the process itself takes in memory and time"),
    Allowance("/proc/cpuinfo", "which instructions kernels may use"),
    Allowance("/proc/meminfo", "how much memory there is"),
    Allowance("/proc/stat", "how many processors there are"),
    Allowance("/proc/sys/vm", "how memory may be asked for"),
    Allowance("/sys/devices/system", "how processors and their caches are arranged"),
    Allowance("/sys/fs/cgroup", "what a container may take"),
    Allowance("/sys/kernel/mm/transparent_hugepage", "how large pages are"),
)
"""Paths that all of them may read, with all beneath. What Python itself consists of comes to it."""

READ_FONTS: Final = (
    Allowance("/etc/fonts", "which letters there are, for pictures of a canvas"),
    Allowance("/usr/share/fontconfig", "which letters there are"),
    Allowance("/var/cache/fontconfig", "which letters there are"),
    Allowance("/usr/share/fonts", "letters"),
    Allowance("/usr/local/share/fonts", "letters"),
    Allowance("~/.local/share/fonts", "letters that the person installed"),
    Allowance("~/.fonts", "letters that the person installed"),
)
"""Paths that the engine may read beside."""

USE: Final = (Allowance("/dev/null", "what is read from nowhere, or written to nowhere"),)
"""Devices that all of them may read and write."""

USE_ACCELERATOR: Final = (
    Allowance("/dev/nvidiactl", "CUDA"),
    Allowance("/dev/nvidia-uvm", "CUDA"),
    Allowance("/dev/nvidia-uvm-tools", "CUDA"),
    Allowance("/dev/nvidia-caps", "CUDA on a part of a GPU"),
    Allowance("/dev/kfd", "ROCm"),
    Allowance("/dev/dri", "ROCm"),
)
"""Devices that a runner may use beside; the numbered `/dev/nvidia0` come to them."""

USE_WITH_FILES: Final = (
    Allowance("/dev/shm", "tensors that are shared by name"),
    Allowance("/dev/zero", "a file for some programs"),
    Allowance("/dev/full", "a file for some programs"),
    Allowance("/dev/random", "seeds"),
)
"""Devices that a process has beside, which the person allowed to reach files."""

DRIVERS: Final = ("/dev/nvidiactl", "/dev/kfd")
"""Devices of which one is there where CUDA or ROCm can be used. They share memory with a GPU that no limit
counts, so there a program may have such memory too."""

READ_ACCELERATOR: Final = (
    Allowance("/proc/driver/nvidia", "which GPUs there are"),
    Allowance("/sys/bus/pci", "how GPUs are connected"),
    Allowance("/sys/devices", "how GPUs are connected"),
    Allowance("/sys/class", "which GPUs there are"),
    Allowance("/sys/module", "which drivers there are"),
    Allowance("/opt/rocm", "ROCm's libraries"),
)
"""Paths that a runner may read beside."""

ENVIRONMENT: Final = (
    Allowance("LANG", "the language of messages"),
    Allowance("LC_", "the language of messages"),
    Allowance("TZ", "the local time"),
    Allowance("PYTHON", "what the person set for Python"),
    Allowance("LD_LIBRARY_PATH", "where libraries lie"),
    Allowance("VIRTUAL_ENV", "where packages lie"),
    Allowance("CONDA_PREFIX", "where packages lie"),
    Allowance("OMP_", "how many threads compute"),
    Allowance("GOMP_", "how threads are placed"),
    Allowance("KMP_", "how threads are placed"),
    Allowance("MKL_", "how many threads compute"),
    Allowance("OPENBLAS_", "how many threads compute, and for which processor"),
    Allowance("MALLOC_", "what the person set for the C library"),
    Allowance("GLIBC_TUNABLES", "what the person set for the C library"),
    Allowance("ATEN_", "what the person set for torch"),
    Allowance("TORCH_", "what the person set for torch"),
    Allowance("PYTORCH_", "what the person set for torch"),
    Allowance("CUDA_", "which GPUs are used, and where CUDA lies"),
    Allowance("NVIDIA_", "which GPUs are used"),
    Allowance("HIP_", "which GPUs are used"),
    Allowance("ROCR_", "which GPUs are used"),
    Allowance("JITVIEWER_", "what the person set for this program"),
)
"""Names of variables, or their beginnings, that are handed on. Others may hold passwords."""

_PROCESSES: Final = "other programs and processes"
_TURNS: Final = "how often other processes get their turn at processors and disks"
_GROUPS: Final = "groups of processes, by which they are ended, and the terminals of these"
_IDENTITY: Final = "other users' rights, where it has those of the administrator"
_NETWORK: Final = "the network and other processes' sockets, which a pair of datagrams reaches too"
_SHARED: Final = "memory and messages shared with other processes"
_UNCOUNTED: Final = "memory that no limit of the process counts"
_SYSTEM: Final = "the system's own settings"
_AROUND: Final = "ways around these rules"
_FILES: Final = "owners, permissions and dates of files, which Landlock does not guard"

DENIED_CALLS: Final = {
    _PROCESSES: (
        "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev",
        "process_madvise", "process_mrelease", "kcmp", "pidfd_open", "pidfd_getfd", "pidfd_send_signal",
        "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "move_pages", "migrate_pages", "setns", "unshare",
        "get_robust_list",
    ),
    _TURNS: ("setpriority", "ioprio_set", "sched_setparam", "sched_setscheduler", "sched_setattr"),
    _GROUPS: ("setpgid", "setsid", "vhangup"),
    _IDENTITY: (
        "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid",
        "setgroups", "capset",
    ),
    _NETWORK: ("socket", "socketpair", "connect", "bind", "listen", "accept", "accept4"),
    _SHARED: (
        "shmget", "shmat", "shmctl", "shmdt", "semget", "semop", "semctl", "semtimedop", "msgget", "msgsnd",
        "msgrcv", "msgctl", "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify",
        "add_key", "request_key", "keyctl",
    ),
    _UNCOUNTED: ("memfd_create", "memfd_secret"),
    _SYSTEM: (
        "mount", "umount2", "mount_setattr", "move_mount", "open_tree", "open_tree_attr", "fsopen",
        "fsconfig", "fsmount", "fspick", "pivot_root", "chroot", "init_module", "finit_module",
        "delete_module", "kexec_load",
        "kexec_file_load", "reboot", "swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "syslog",
        "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname", "setdomainname", "iopl",
        "ioperm", "modify_ldt", "personality", "sync", "syncfs", "_sysctl", "uselib",
        "lookup_dcookie", "nfsservctl",
    ),
    _AROUND: (
        "io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open", "userfaultfd",
        "name_to_handle_at", "open_by_handle_at", "inotify_init", "inotify_init1", "fanotify_init",
    ),
    _FILES: (
        "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime",
        "utimes", "futimesat", "utimensat", "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr",
        "lremovexattr", "fremovexattr", "removexattrat",
        "file_setattr",
    ),
}  # fmt: skip
"""Calls of the system that fail in all of them, by what they would reach."""

MOST_FILES: Final = 512
"""Descriptors that a process may have at once: its pipes, the files it was handed, libraries being loaded."""

DOCUMENT_MEMORY: Final = 1 << 30
"""Bytes that the engine may allocate for each open document: several times what large models take."""
