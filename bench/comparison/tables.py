"""Every table and row: what is run against which server, what is shown of it, and what it should be."""
from dataclasses import dataclass, field

from .loads import Copy, Requests, Residence, Start

NBDKIT, QEMU, OURS = 'nbdkit', 'qemu-nbd', 'sharpnbd'


@dataclass(frozen=True)
class Target:
    """What a ratio, or with 'limit' the figure itself, should be: at least, and the aim."""
    least: float
    aim: float | None = None
    # 'speed': that many times the other's; 'cost': at most that many times the other's; 'limit': at most that, in the row's unit.
    kind: str = 'speed'


@dataclass(frozen=True)
class Cell:
    """A load on a server."""
    server: str
    load: object


@dataclass(frozen=True)
class Row:
    name: str
    title: str
    cells: dict                     # column: Cell; the last one is the one that is judged, the first one what it is measured by
    metric: str
    target: Target | None = None
    repeats: int = 0                # at least so many, whatever is asked for


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    columns: tuple
    rows: list = field(default_factory=list)
    # The ratio may fall short of its target by this much before that counts.
    tolerance: float = 0.0


# metric: unit, larger is better
UNITS = {
    'kiops': ('k/s', True), 'mbps': ('MB/s', True), 'p50_us': ('us p50', False), 'cpu_us': ('us cpu', False),
    'ms': ('ms', False), 'started_mib': ('MiB', False), 'idle_mib': ('MiB', False), 'allocated': ('bytes', False),
}

_SMALL, _LARGE = 4, 256


def _rows(kind, name, title, metric, target, structured=(False, True), servers=(NBDKIT, QEMU, OURS), **settings):
    """A row for simple and one for structured replies."""
    for is_structured in structured:
        load = Requests(structured=is_structured, **settings)
        yield Row('%s-%s' % (name, 'structured' if is_structured else 'simple'),
                  '%s, %s replies' % (title, 'structured' if is_structured else 'simple'),
                  {it: Cell('%s %s' % (it, kind), load) for it in servers}, metric, target)


def _memory():
    unix, tcp = 'memory unix', 'memory tcp'
    small, large = dict(block_kib=_SMALL), dict(block_kib=_LARGE)
    for kind, short, where in ((unix, 'unix', 'Unix socket'), (tcp, 'tcp', 'TCP')):
        yield from _rows(kind, 'read-4k-qd1-' + short, '4k random read QD1, ' + where, 'p50_us', Target(1.4, 2), mode='randread', depth=1, **small)
        yield from _rows(kind, 'write-4k-qd1-' + short, '4k random write QD1, ' + where, 'p50_us', Target(1.2, 2), mode='randwrite', depth=1, **small)
    for kind, short, where, read, write in (
            (unix, 'unix', 'Unix socket', Target(4.2, 5), Target(3.5, 4.5)), (tcp, 'tcp', 'TCP', Target(3.5, 4.5), Target(2.3, 3.5))):
        yield from _rows(kind, 'read-4k-qd32-' + short, '4k random read QD32, ' + where, 'kiops', read, mode='randread', depth=32, **small)
        yield from _rows(kind, 'write-4k-qd32-' + short, '4k random write QD32, ' + where, 'kiops', write, mode='randwrite', depth=32, **small)
    yield from _rows(unix, 'read-4k-c4', '4k random read, 4 connections, QD16 each', 'kiops', Target(4.5, 6), mode='randread', depth=16, clients=4, **small)
    yield from _rows(unix, 'write-4k-c4', '4k random write, 4 connections, QD16 each', 'kiops', Target(4, 5), mode='randwrite', depth=16, clients=4, **small)
    yield from _rows(unix, 'read-256k-qd8', '256k read QD8', 'mbps', Target(1.3, 1.5), mode='read', depth=8, **large)
    yield from _rows(unix, 'write-256k-qd8', '256k write QD8', 'mbps', Target(1.1, 1.7), mode='write', depth=8, **large)
    yield from _rows(unix, 'read-256k-c4', '256k read, 4 connections, QD4 each', 'mbps', Target(2.7, 3.3), mode='read', depth=4, clients=4, **large)
    for direction, target in (('download', Target(1.6, 1.8)), ('upload', Target(1, 1.2))):
        cells = {it: Cell('%s %s' % (it, unix), Copy(direction)) for it in (NBDKIT, QEMU, OURS)}
        yield Row('nbdcopy-' + direction, 'nbdcopy ' + direction, cells, 'mbps', target)
    # Of the same runs as the QD32 rows.
    yield from _rows(unix, 'cpu-read', 'CPU per 4k read QD32', 'cpu_us', Target(5, 7), mode='randread', depth=32, **small)
    yield from _rows(unix, 'cpu-write', 'CPU per 4k write QD32', 'cpu_us', Target(5, 7), mode='randwrite', depth=32, **small)


def _filters():
    for mode, word in (('randread', 'read'), ('randwrite', 'write')):
        for is_structured in (False, True):
            replies = 'structured' if is_structured else 'simple'
            load = Requests(mode, _SMALL, 32, structured=is_structured)
            yield Row('%s-4k-qd32-%s' % (word, replies), '4k random %s QD32, %s replies' % (word, replies),
                      {'no filter': Cell('sharpnbd memory unix', load), 'three filters': Cell('sharpnbd three filters', load)},
                      'kiops', Target(0.95))


def _log():
    settings = dict(block_kib=_SMALL, depth=32, servers=(NBDKIT, OURS))
    yield from _rows('log', 'read-4k-qd32', '4k random read QD32', 'kiops', Target(3, 5), mode='randread', **settings)
    yield from _rows('log', 'write-4k-qd32', '4k random write QD32', 'kiops', Target(3, 5), mode='randwrite', **settings)


def _file():
    small, large = dict(block_kib=_SMALL), dict(block_kib=_LARGE)
    yield from _rows('file hot', 'read-4k-qd1', '4k random read QD1', 'p50_us', Target(1.4, 1.8), mode='randread', depth=1, **small)
    yield from _rows('file hot', 'read-4k-qd32', '4k random read QD32', 'kiops', Target(2.3, 4), mode='randread', depth=32, **small)
    yield from _rows('file hot', 'write-4k-qd32', '4k random write QD32', 'kiops', Target(1.8, 3), mode='randwrite', depth=32, **small)
    yield from _rows('file hot', 'read-256k-qd8', '256k read QD8', 'mbps', Target(1.2, 1.6), mode='read', depth=8, **large)
    yield from _rows('file hot', 'write-256k-qd8', '256k write QD8', 'mbps', Target(1.1, 1.4), mode='write', depth=8, **large)
    yield from _rows('file hot', 'read-256k-c4', '256k read, 4 connections, QD4 each', 'mbps', Target(1.8, 2.5), mode='read', depth=4, clients=4, **large)


def _cold():
    yield from _rows('file cold', 'read-4k-qd32', '4k random read QD32', 'kiops', Target(1, 1.5), mode='randread', block_kib=_SMALL, depth=32)
    yield from _rows('file cold', 'read-4k-qd1', '4k random read QD1', 'p50_us', Target(1, 1.2), mode='randread', block_kib=_SMALL, depth=1)


def _tls():
    one = ('--connections=1', '--requests=8', '--request-size=262144')
    for how, words in (('certificates', 'certificates'), ('keys', 'pre-shared keys')):
        for name, title, options in (('c1', '256k read QD8', one), ('c4', '256k read, 4 connections', ())):
            cells = {it: Cell('%s %s' % (it, how), Copy('download', options)) for it in (NBDKIT, OURS)}
            yield Row('%s-read-256k-%s' % (how, name), '%s, %s' % (words, title), cells, 'mbps', Target(1))


def _process():
    servers = (NBDKIT, QEMU, OURS)
    yield Row('start', 'exec to first handshake', {it: Cell('%s memory unix' % it, Start()) for it in servers}, 'ms',
              Target(1.6, 1.2, 'cost'), repeats=15)
    cells = {it: Cell('%s memory unix' % it, Residence()) for it in servers}
    yield Row('resident-started', 'resident after start', cells, 'started_mib', Target(14, 8, 'limit'))
    yield Row('resident-idle', 'resident with one idle client', cells, 'idle_mib', Target(14, 8, 'limit'))


def _clients():
    for depth in (1, 16):
        for server in (NBDKIT, QEMU, OURS):
            cells = {'%d clients' % it: Cell('%s memory unix' % server, Requests('randread', _SMALL, depth, it, structured=True)) for it in (4, 200)}
            yield Row('%s-qd%d' % (server, depth), '%s, 4k random read QD%d each' % (server, depth), cells, 'kiops',
                      Target(1) if server == OURS else None)


ALL = [
    Table('memory', 'Memory', (NBDKIT, QEMU, OURS), list(_memory())),
    Table('filters', 'Three filters that pass everything on: log without a file, delay 0, error rate 0', ('no filter', 'three filters'), list(_filters())),
    Table('log', 'Memory behind the log filter, which writes a file', (NBDKIT, OURS), list(_log())),
    Table('file', 'A file that is in the page cache', (NBDKIT, QEMU, OURS), list(_file())),
    Table('cold', 'A file that is not in the page cache', (NBDKIT, QEMU, OURS), list(_cold())),
    Table('tls', 'Memory over TCP with TLS, nbdcopy', (NBDKIT, OURS), list(_tls())),
    Table('process', 'The process', (NBDKIT, QEMU, OURS), list(_process())),
    Table('clients', 'Many clients, structured replies', ('4 clients', '200 clients'), list(_clients()), tolerance=0.05),
]
