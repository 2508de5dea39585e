"""The machine: what it is, whether it is quiet, and the programs on it."""
import os
import platform
import shutil
import subprocess
import time
from pathlib import Path

from .errors import BenchError

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / 'artifacts' / 'bench'

# A machine that is busier than this disturbs latencies and start-up times.
QUIET_SHARE = 0.05
QUIET_LOAD = 1.0


def output(*argv, timeout=600):
    """The standard output of a command; an error says what it complained of."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout)
    if done.returncode:
        raise BenchError('%s: exit %d: %s' % (' '.join(map(str, argv)), done.returncode, (done.stderr or done.stdout).strip()[-800:]))
    return done.stdout


def load_average():
    return os.getloadavg()[0]


def busy_share(seconds=1.0):
    """The share of all cores that was used, or taken away by the host, over a moment."""
    def read():
        fields = [int(it) for it in Path('/proc/stat').read_text().splitlines()[0].split()[1:9]]
        return sum(fields), fields[3] + fields[4]
    total, idle = read()
    time.sleep(seconds)
    total, idle = (now - before for now, before in zip(read(), (total, idle)))
    return 1 - idle / max(total, 1)


def wait_until_quiet(limit, say):
    """Waits until little runs besides; returns the load average then and whether it is quiet."""
    deadline = time.monotonic() + limit
    while True:
        share, load = busy_share(), load_average()
        is_quiet = share <= QUIET_SHARE and load <= QUIET_LOAD
        if is_quiet or time.monotonic() >= deadline:
            return load, is_quiet
        say('waiting for the machine to become quiet: load average %.2f, %.0f %% busy' % (load, share * 100))
        time.sleep(5)


def description():
    """Processor, cores, memory and kernel in one line."""
    facts = Path('/proc/cpuinfo').read_text()
    model = next((line.split(':', 1)[1].strip() for line in facts.splitlines() if line.startswith('model name')), platform.machine())
    gib = os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30
    return '%s, %d cores, %.0f GiB, Linux %s' % (model, len(os.sched_getaffinity(0)), gib, platform.release())


def require(*programs):
    missing = [it for it in programs if shutil.which(it) is None]
    if missing:
        raise BenchError('not found: %s (Debian packages: nbdkit, qemu-utils, libnbd-bin, gcc)' % ', '.join(missing))


def file_system(path):
    """The type of the file system that holds a path."""
    return output('stat', '--file-system', '--format=%T', str(path)).strip()


def sharpnbd():
    """Builds the server when needed; the path of what was built, which a later build does not touch."""
    subprocess.run([str(ROOT / 'sharpnbd'), '--version'], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return (ROOT / 'artifacts' / 'sharpnbd' / 'sharpnbd').resolve(strict=True)


def nbdload():
    """Builds the load generator when its source is newer."""
    source, program = ROOT / 'bench' / 'nbdload.c', BUILT / 'nbdload'
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        BUILT.mkdir(parents=True, exist_ok=True)
        built = BUILT / ('nbdload.%d' % os.getpid())
        output('gcc', '-O2', '-pthread', '-o', str(built), str(source))
        built.replace(program)
    return program


def versions(server):
    """What was compared, in one line; every program says it itself."""
    first_line = [output(*argv).splitlines()[0].strip() for argv in (
        [str(server), '--version'], ['nbdkit', '--version'], ['qemu-nbd', '--version'], ['nbdcopy', '--version'])]
    is_native = not server.with_name('sharpnbd.dll').exists()
    first_line[0] += ' (%s%s)' % ('native' if is_native else 'JIT', revision())
    return ', '.join(first_line)


def revision():
    """The commit that was built, or nothing outside of a checkout."""
    try:
        commit = output('git', '-C', str(ROOT), 'rev-parse', '--short', 'HEAD').strip()
        changed = output('git', '-C', str(ROOT), 'status', '--porcelain', '--', 'src').strip()
    except (BenchError, OSError):
        return ''
    return ', commit %s%s' % (commit, ' with changes' if changed else '')
