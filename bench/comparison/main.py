"""The command line of bench/compare."""
import argparse
import datetime
import fnmatch
import json
import os
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import allocation, keys, machine, readme, report, tables
from .errors import BenchError
from .measure import Measurement

_ALLOCATION = 'allocation'
_NOT_A_DISK = ('tmpfs', 'ramfs')
_FEWEST_REPEATS = 5


@dataclass
class Bench:
    """What all runs have in common."""
    size: int
    seconds: float
    ramp: float
    repeats: int
    is_quick: bool
    file_directory: Path
    memory_directory: Path
    pattern: Path | None = None
    keys: Path | None = None
    sharpnbd: Path | None = None
    nbdload: Path | None = None


def run(description):
    # So that servers end and files go also when this is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return _run(_arguments(description))
    except BenchError as problem:
        print('compare: %s' % problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _arguments(description):
    parser = argparse.ArgumentParser(prog='bench/compare', description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--quick', action='store_true', help='short runs on a small disk: shows that everything works, not how fast it is')
    parser.add_argument('--rows', metavar='PATTERN', default='*', help="rows as TABLE/ROW, several with commas, * and ? match: 'memory/*qd32*'")
    parser.add_argument('--write', action='store_true', help='put the tables that were measured whole into bench/README.md')
    parser.add_argument('--busy', action='store_true', help='write also when the machine is busy')
    parser.add_argument('--time', type=float, default=2, metavar='SECONDS', help='of one run (default 2)')
    parser.add_argument('--repeats', type=int, default=_FEWEST_REPEATS, metavar='N', help='runs of each row and server (default 5)')
    parser.add_argument('--file-dir', default='/var/tmp', metavar='DIRECTORY', help='where files are served from (default /var/tmp)')
    parser.add_argument('--json', metavar='FILE', help='write medians and spreads to this file too')
    parser.add_argument('--list', action='store_true', help='list the rows and end')
    arguments = parser.parse_args()
    if arguments.write and arguments.quick:
        parser.error('--quick gives no figures worth writing')
    if arguments.write and arguments.repeats < _FEWEST_REPEATS:
        parser.error('--write needs %d repeats or more' % _FEWEST_REPEATS)
    if arguments.repeats < 1 or arguments.time <= 0:
        parser.error('--repeats and --time must be more than 0')
    return arguments


def _say(text):
    print(text, file=sys.stderr, flush=True)


def _chosen(pattern):
    """The tables with the rows that the pattern chooses."""
    patterns = pattern.split(',')

    def matches(name):
        return any(fnmatch.fnmatchcase(name, it) for it in patterns)
    chosen = [(table, [row for row in table.rows if matches('%s/%s' % (table.name, row.name))]) for table in tables.ALL]
    return [it for it in chosen if it[1]], matches('%s/engine' % _ALLOCATION)


def _run(arguments):
    chosen, with_allocation = _chosen(arguments.rows)
    if arguments.list:
        for table, rows in chosen:
            for row in rows:
                print('%-42s %s' % ('%s/%s' % (table.name, row.name), row.title))
        if with_allocation:
            print('%-42s %s' % (_ALLOCATION + '/engine', 'bytes allocated per request'))
        return 0
    if not chosen and not with_allocation:
        raise BenchError('no row is called %s; --list shows them' % arguments.rows)

    _say('load average %.2f' % machine.load_average())
    machine.require('nbdkit', 'qemu-nbd', 'nbdcopy', 'gcc', 'dotnet')
    bench = _bench(arguments)
    bench.sharpnbd, bench.nbdload = machine.sharpnbd(), machine.nbdload()
    versions = machine.versions(bench.sharpnbd)
    load, is_quiet = machine.wait_until_quiet(0 if arguments.quick or arguments.busy else 120, _say)
    if not is_quiet:
        _say('the machine is busy (load average %.2f): compare within a row only, and do not trust latencies' % load)
        if arguments.write and not arguments.busy:
            raise BenchError('nothing is written on a busy machine; come back when it is quiet, or say --busy')

    heading = '%s, load average %.2f. %s. %s.' % (datetime.date.today().isoformat(), load, machine.description(), versions)
    _say(heading)
    return _measure(arguments, bench, chosen, with_allocation, heading)


def _bench(arguments):
    memory = Path('/dev/shm') if os.path.isdir('/dev/shm') else Path(tempfile.gettempdir())
    files = Path(arguments.file_dir).resolve()
    kind = machine.file_system(files)
    if kind in _NOT_A_DISK:
        raise BenchError('%s is a %s: files have to be on a disk; choose another --file-dir' % (files, kind))
    quick = arguments.quick
    return Bench(size=(256 << 20) if quick else (1 << 30), seconds=min(arguments.time, 0.3) if quick else arguments.time,
                 ramp=0.1 if quick else 0.3, repeats=min(arguments.repeats, 2) if quick else arguments.repeats, is_quick=quick,
                 file_directory=files, memory_directory=memory)


def _measure(arguments, bench, chosen, with_allocation, heading):
    work = Path(tempfile.mkdtemp(prefix='sharpnbd-bench-', dir=bench.memory_directory))
    failures, data = [], {}
    try:
        bench.pattern = work / 'pattern'
        _write_pattern(bench)
        if any(table.name == 'tls' for table, _ in chosen):
            bench.keys = keys.make(work / 'keys')
        for table, rows in chosen:
            measurement = Measurement(table, bench, _say)
            measurement.run(rows)
            lines = [report.Line(row, table, measurement) for row in rows]
            text = report.markdown(table, lines)
            print('\n%s\n\n%s' % (_title(table, bench), text), flush=True)
            failures += measurement.failures
            data.update(report.as_data(table, lines))
            if arguments.write and len(rows) == len(table.rows) and not measurement.failures:
                readme.replace(table.name, '%s\n\n%s %s\n\n%s' % ('### ' + _title(table, bench), heading, _conditions(table, bench), text))
        if with_allocation:
            results = allocation.measure(bench.is_quick)
            text = allocation.markdown(results)
            print('\n%s' % text, flush=True)
            data[_ALLOCATION] = results
            if arguments.write:
                readme.replace(_ALLOCATION, '### Allocated per request\n\n%s\n\n%s' % (heading, text))
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if arguments.json:
            Path(arguments.json).write_text(json.dumps(dict(heading=heading, rows=data), indent=1) + '\n')
    for it in failures:
        _say('failed: %s' % it)
    return 1 if failures else 0


def _title(table, bench):
    return '%s, %s' % (table.title, '%d MiB' % (bench.size >> 20) if bench.size < 1 << 30 else '1 GiB') if table.name in ('memory', 'file', 'cold') \
        else table.title


def _conditions(table, bench):
    disk = ' Files on %s.' % machine.file_system(bench.file_directory) if table.name in ('file', 'cold') else ''
    return 'Medians of %d runs of %g s each.%s' % (bench.repeats, bench.seconds, disk)


def _write_pattern(bench):
    with open(bench.pattern, 'wb') as file:
        for _ in range(bench.size >> 20):
            file.write(os.urandom(1 << 20))
