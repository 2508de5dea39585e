"""Runs the rows of a table, one server after the other in turn, and keeps what was measured."""
import subprocess

from .errors import BenchError
from .loads import fill
from .servers import Server


class Measurement:
    """The samples of one table. Rows that show different sides of the same runs share them."""

    def __init__(self, table, bench, say):
        self._table, self._bench, self._say = table, bench, say
        self._servers = {}
        self._filled = set()
        self._samples = {}
        self.failures = []

    def run(self, rows):
        """Measures the rows; what fails is noted and the others go on."""
        try:
            for row in rows:
                self._run(row)
        finally:
            for server in self._servers.values():
                server.remove()

    def values(self, row, column):
        """The samples of a cell, none where it failed."""
        cell = row.cells[column]
        return [it[row.metric] for it in self._samples.get((cell.server, cell.load), [])]

    def _run(self, row):
        cells = [it for it in row.cells.values() if (it.server, it.load) not in self._samples]
        failed = set()
        for cell in cells:
            self._samples[cell.server, cell.load] = []
        for _ in range(max(self._bench.repeats, 0 if self._bench.is_quick else row.repeats)):
            for cell in cells:
                if cell in failed:
                    continue
                try:
                    self._samples[cell.server, cell.load].append(cell.load.run(self._server(cell), self._bench))
                except (BenchError, OSError, subprocess.TimeoutExpired) as problem:
                    # A server that failed once is not asked again in this row; its figures would be of fewer runs than the others'.
                    failed.add(cell)
                    self._samples[cell.server, cell.load] = []
                    self.failures.append('%s/%s: %s: %s' % (self._table.name, row.name, cell.server, problem))
                    self._say(self.failures[-1])

    def _server(self, cell):
        server = self._servers.get(cell.server)
        if server is None:
            server = self._servers[cell.server] = Server(cell.server, self._bench)
        if cell.load.needs_content:
            if not server.is_running:
                server.start()
                self._filled.discard(cell.server)
            if cell.server not in self._filled:
                if server.file is None:
                    fill(server, self._bench)
                self._filled.add(cell.server)
        else:
            # What follows finds a fresh process.
            self._filled.discard(cell.server)
        return server
