"""The servers: how each is started, and what can be seen of it while it runs."""
import os
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import disk_file, nbd
from .errors import BenchError

_TICKS = os.sysconf('SC_CLK_TCK')
_PATIENCE = 30

# In command lines: {sock} and {port} to listen on, {size} of the disk, {file} with the disk's content, {log} to write to,
# {keys} the directory of certificates and pre-shared keys.
_MEMORY = {
    'nbdkit': 'nbdkit -f -U {sock} memory {size}',
    # It has no disk of memory; a file on tmpfs comes nearest.
    'qemu-nbd': 'qemu-nbd -f raw -t -e 512 -k {sock} {file}',
    'sharpnbd': 'sharpnbd -f -U {sock} memory {size}',
}
_FILE = {
    'nbdkit': 'nbdkit -f -U {sock} file {file}',
    'qemu-nbd': 'qemu-nbd -f raw -t -e 512 -k {sock} {file}',
    'sharpnbd': 'sharpnbd -f -U {sock} file {file}',
}
_LOG = {
    'nbdkit': 'nbdkit -f -U {sock} --filter=log memory {size} logfile={log}',
    'sharpnbd': 'sharpnbd -f -U {sock} --filter=log memory {size} logfile={log}',
}
_PASS_THROUGH = 'sharpnbd -f -U {sock} --filter=log --filter=delay --filter=error memory {size} rdelay=0 wdelay=0 error-rate=0'


@dataclass(frozen=True)
class Kind:
    """A way to run a server."""
    command: str
    # Whether its file is on the disk file system, and in which state it is when a run begins.
    cache: str = ''
    # What nbdcopy is given; the plain URI where this is empty.
    uri: str = ''


def _tcp(command):
    return command.replace('nbdkit -f -U {sock}', 'nbdkit -f -i 127.0.0.1 -p {port}') \
        .replace('sharpnbd -f -U {sock}', 'sharpnbd -f -i 127.0.0.1 -p {port}').replace('-k {sock}', '-b 127.0.0.1 -p {port}')


# Who does not ask for TLS is served without, as those who fill the disk and wait for the server do.
_TLS = {
    'certificates': ('--tls=on --tls-certificates={keys}', 'nbds://localhost:{port}/?tls-certificates={keys}'),
    'keys': ('--tls=on --tls-psk={keys}/keys.psk', 'nbds://bench@localhost:{port}/?tls-psk-file={keys}/keys.psk'),
}


def _tls(name, how):
    options, uri = _TLS[how]
    return Kind(_tcp(_MEMORY[name]).replace(' memory ', ' %s memory ' % options), uri=uri)


KINDS = {
    **{'%s memory unix' % name: Kind(command) for name, command in _MEMORY.items()},
    **{'%s memory tcp' % name: Kind(_tcp(command)) for name, command in _MEMORY.items()},
    **{'%s file hot' % name: Kind(command, 'hot') for name, command in _FILE.items()},
    **{'%s file cold' % name: Kind(command, 'cold') for name, command in _FILE.items()},
    **{'%s log' % name: Kind(command) for name, command in _LOG.items()},
    **{'%s %s' % (name, how): _tls(name, how) for name in ('nbdkit', 'sharpnbd') for how in _TLS},
    'sharpnbd three filters': Kind(_PASS_THROUGH),
}


class Server:
    """A server on this machine, with a directory of its own."""

    def __init__(self, name, bench):
        self.name, self._bench = name, bench
        kind = KINDS[name]
        self._command, self._cache, self._uri = kind.command, kind.cache, kind.uri
        self._directory = Path(tempfile.mkdtemp(prefix='sharpnbd-bench-'))
        self._socket = self._directory / 'nbd.sock'
        self._output = self._directory / 'output'
        self._file_directory = None
        self._process = None
        self._port = 0
        self.file = self.log = None
        try:
            self._make_files()
        except BaseException:
            self.remove()
            raise

    @property
    def address(self):
        return ('127.0.0.1', self._port) if '{port}' in self._command else str(self._socket)

    @property
    def uri(self):
        if self._uri:
            return self._uri.format(port=self._port, keys=self._bench.keys)
        return 'nbd://127.0.0.1:%d/' % self._port if '{port}' in self._command else 'nbd+unix:///?socket=%s' % self._socket

    @property
    def nbdload_target(self):
        return ['-H', '127.0.0.1', '-p', str(self._port)] if '{port}' in self._command else ['-u', str(self._socket)]

    @property
    def is_running(self):
        return self._process is not None

    def start(self):
        """Starts it; the seconds from exec to the end of the first handshake."""
        begin = self.launch()
        nbd.disconnect(self._wait_for(lambda: nbd.connect(self.address), 0.0003))
        return time.monotonic() - begin

    def launch(self):
        """Starts it without waiting; when that was."""
        self._socket.unlink(missing_ok=True)
        if '{port}' in self._command:
            with socket.socket() as probe:
                probe.bind(('127.0.0.1', 0))
                self._port = probe.getsockname()[1]
        words = dict(sock=self._socket, port=self._port, size=self._bench.size, file=self.file, log=self.log, keys=self._bench.keys)
        argv = [word.format(**words) for word in shlex.split(self._command)]
        if argv[0] == 'sharpnbd':
            argv[0] = str(self._bench.sharpnbd)
        with open(self._output, 'ab') as sink:
            begin = time.monotonic()
            self._process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)
        return begin

    def wait_until_listening(self):
        """Waits for its socket, without connecting to it."""
        self._wait_for(lambda: self._socket.stat(), 0.001)

    def stop(self):
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def remove(self):
        self.stop()
        for directory in (self._directory, self._file_directory):
            if directory is not None:
                shutil.rmtree(directory, ignore_errors=True)

    def prepare(self):
        """Brings its file into the state in which a run begins; the time for that is not counted."""
        if self._cache:
            disk_file.settle(self.file)
        if self._cache == 'cold':
            disk_file.evict(self.file)
        if self.log is not None and self.log.exists():
            os.truncate(self.log, 0)

    def cpu_seconds(self):
        """Processor time used so far."""
        fields = self._proc('stat').rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident_mib(self):
        """Memory in use, shared libraries and the program's own pages included."""
        line = next(it for it in self._proc('status').splitlines() if it.startswith('VmRSS:'))
        return int(line.split()[1]) / 1024

    def _proc(self, name):
        return Path('/proc/%d/%s' % (self._process.pid, name)).read_text()

    def _make_files(self):
        if '{file}' in self._command:
            on_disk = bool(self._cache)
            parent = self._bench.file_directory if on_disk else self._bench.memory_directory
            self._file_directory = Path(tempfile.mkdtemp(prefix='sharpnbd-bench-', dir=parent))
            self.file = self._file_directory / 'disk.raw'
            disk_file.copy(self._bench.pattern, self.file)
            if self._cache == 'hot':
                disk_file.warm(self.file)
        if '{log}' in self._command:
            self._file_directory = Path(tempfile.mkdtemp(prefix='sharpnbd-bench-', dir=self._bench.file_directory))
            self.log = self._file_directory / 'requests.log'

    def _wait_for(self, attempt, pause):
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                return attempt()
            except OSError:
                status = self._process.poll()
                if status is not None:
                    raise BenchError('%s ended with %d: %s' % (self.name, status, self._complaint())) from None
                if time.monotonic() > deadline:
                    raise BenchError('%s does not answer: %s' % (self.name, self._complaint())) from None
            time.sleep(pause)

    def _complaint(self):
        return self._output.read_text(errors='replace')[-800:].strip()
