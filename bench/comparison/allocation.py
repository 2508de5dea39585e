"""The bytes allocated per request: BenchmarkDotNet counts them inside of the engine."""
import json
import subprocess
import tempfile
from pathlib import Path

from .errors import BenchError
from .machine import ROOT

_PROJECT = ROOT / 'bench' / 'SharpNbd.Benchmarks'


def measure(is_quick):
    """Runs the engine's benchmarks; a list of what was asked, with which replies, bytes and nanoseconds."""
    with tempfile.TemporaryDirectory(prefix='sharpnbd-bench-') as directory:
        argv = ['dotnet', 'run', '-c', 'Release', '--project', str(_PROJECT), '--', '--filter', '*EngineBenchmarks*',
                '--job', 'Dry' if is_quick else 'Short', '--exporters', 'json', '--artifacts', directory]
        done = subprocess.run(argv, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        reports = sorted(Path(directory).glob('results/*EngineBenchmarks*.json'))
        if done.returncode or not reports:
            raise BenchError('the engine benchmarks failed: %s' % done.stdout[-1500:])
        benchmarks = json.loads(reports[0].read_text())['Benchmarks']
        if any(it.get('Statistics') is None or it.get('Memory') is None for it in benchmarks):
            raise BenchError('an engine benchmark has no result: %s' % done.stdout[-1500:])
        return [dict(name=it['Method'], structured=it['Parameters'] == 'Structured=True', ns=it['Statistics']['Median'],
                     allocated=it['Memory']['BytesAllocatedPerOperation']) for it in benchmarks]


def markdown(results):
    texts = ['| engine fed from memory | replies | ns per request | bytes allocated | at least | result |', '|---|---|--:|--:|--:|---|']
    for it in results:
        texts.append('| %s | %s | %.0f | %d | 0 | %s |' % (
            it['name'], 'structured' if it['structured'] else 'simple', it['ns'], it['allocated'], '**missed**' if it['allocated'] else 'met'))
    return '\n'.join(texts)
