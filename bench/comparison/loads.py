"""What is done to a server. Each load returns what was measured, by name."""
import json
import time
from dataclasses import dataclass

from . import nbd
from .machine import output

_MIB = 1 << 20


@dataclass(frozen=True)
class Requests:
    """nbdload: random or sequential requests for a while."""
    mode: str
    block_kib: int
    depth: int
    clients: int = 1
    structured: bool = False
    needs_content = True

    def run(self, server, bench):
        server.prepare()
        argv = [str(bench.nbdload), *server.nbdload_target, '-t', str(bench.seconds), '-r', str(bench.ramp), '-w', self.mode,
                '-b', '%dk' % self.block_kib, '-q', str(self.depth), '-c', str(self.clients), *(['-S'] if self.structured else [])]
        before = server.cpu_seconds()
        result = json.loads(output(*argv, timeout=bench.seconds + 120))
        cpu = server.cpu_seconds() - before
        return dict(kiops=result['iops'] / 1000, mbps=result['MBps'], p50_us=result['p50_us'],
                    cpu_us=cpu / result['all_ops'] * 1e6)


@dataclass(frozen=True)
class Copy:
    """nbdcopy of the whole disk, with its own defaults unless options are given."""
    direction: str
    options: tuple = ()
    needs_content = True

    def run(self, server, bench):
        server.prepare()
        ends = [server.uri, 'null:'] if self.direction == 'download' else [str(bench.pattern), server.uri]
        begin = time.monotonic()
        output('nbdcopy', *self.options, *ends)
        return dict(mbps=bench.size / (time.monotonic() - begin) / 1e6)


@dataclass(frozen=True)
class Start:
    """From exec to the end of the first handshake."""
    needs_content = False

    def run(self, server, _):
        server.stop()
        return dict(ms=server.start() * 1000)


@dataclass(frozen=True)
class Residence:
    """Memory of a server that has just been started, then with one client that asks nothing."""
    needs_content = False

    def run(self, server, _):
        server.stop()
        server.launch()
        server.wait_until_listening()
        time.sleep(0.3)
        started = server.resident_mib()
        client = nbd.connect(server.address)
        time.sleep(0.3)
        idle = server.resident_mib()
        nbd.disconnect(client)
        return dict(started_mib=started, idle_mib=idle)


def fill(server, bench):
    """Writes the whole disk, so that no first touch of memory is measured."""
    output(str(bench.nbdload), *server.nbdload_target, '-w', 'write', '-b', '256k', '-q', '4', '-n', str(bench.size // (256 << 10)))
