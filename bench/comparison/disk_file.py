"""The file that a server serves, and where of it the kernel holds a copy."""
import ctypes
import mmap
import os

from .errors import BenchError

_MOSTLY = 0.02


def copy(pattern, path):
    """Makes the file with the pattern's content, on stable storage, so that no writing back disturbs what is measured."""
    with open(pattern, 'rb') as source, open(path, 'wb') as target:
        while block := source.read(4 << 20):
            target.write(block)
        target.flush()
        os.fsync(target.fileno())


def settle(path):
    """Writes back what an earlier run has left."""
    with open(path, 'rb') as file:
        os.fsync(file.fileno())


def warm(path):
    """Brings all of it into the page cache."""
    with open(path, 'rb', buffering=0) as file:
        block = bytearray(4 << 20)
        while file.readinto(block):
            pass


def evict(path):
    """Drops all of it from the page cache, and looks that it is so."""
    with open(path, 'rb') as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    share = resident_share(path)
    if share > _MOSTLY:
        raise BenchError('%.0f %% of %s stay in the page cache: nothing cold can be measured' % (share * 100, path))


def resident_share(path):
    """How much of it is in the page cache, 0 to 1."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(path, 'rb') as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as mapping:
        length = len(mapping)
        pages = (length + mmap.PAGESIZE - 1) // mmap.PAGESIZE
        states = (ctypes.c_ubyte * pages)()
        first = ctypes.c_char.from_buffer(mapping)
        result = libc.mincore(ctypes.c_void_p(ctypes.addressof(first)), ctypes.c_size_t(length), states)
        del first
        if result:
            raise BenchError('mincore: %s' % os.strerror(ctypes.get_errno()))
        return sum(it & 1 for it in bytes(states)) / pages
