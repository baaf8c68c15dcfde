"""Memory of the command's threads."""

from __future__ import annotations

import pathlib
import platform
import subprocess
import sys

import pytest

_THREADS = """
import ctypes, sys, threading
from insightiq.command_line._allocator import share_one_heap

if "shared" in sys.argv:
    share_one_heap()
together = threading.Barrier(6)

def allocate():
    kept = [bytes(1_000) for _ in range(100)]
    together.wait()

threads = [threading.Thread(target=allocate) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


def _heaps(folder: pathlib.Path, *words: str) -> int:
    reported = folder / "malloc.xml"
    subprocess.run([sys.executable, "-c", _THREADS, str(reported), *words], timeout=60, check=True)
    return reported.read_text(encoding="utf-8").count("<heap ")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="others have no heap per thread")
def test_threads_share_a_heap(tmp_path: pathlib.Path) -> None:
    """Twenty threads that fetch pages would keep twenty times the memory of the largest page."""
    if _heaps(tmp_path) == 1:
        pytest.skip("this C library has one heap anyway")
    assert _heaps(tmp_path, "shared") == 1
