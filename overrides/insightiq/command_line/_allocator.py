"""Memory that threads of the command give back."""

from __future__ import annotations

import sys

__all__ = ["share_one_heap"]

# M_ARENA_MAX of glibc's malloc.h.
_MOST_HEAPS = -8


def share_one_heap() -> None:
    """Have all threads allocate from one heap, where the C library gives each its own.

    Pages that are fetched ahead come through many threads, and each heap keeps what its largest
    page took: for an export four fifths of the allocated memory, growing for minutes. The threads
    take turns anyway. For a process of our own only, before its first thread; elsewhere than with
    glibc nothing happens.
    """
    if sys.platform != "linux":
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MOST_HEAPS, 1)
