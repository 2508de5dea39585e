"""Medians, ratios and whether a target is met, as a table in Markdown."""
import statistics

from .tables import NBDKIT, QEMU, UNITS


class Line:
    """One row's figures."""

    def __init__(self, row, table, measurement):
        self.row = row
        self._table = table
        values = {it: measurement.values(row, it) for it in row.cells}
        self.medians = {column: statistics.median(them) if them else None for column, them in values.items()}
        self.spreads = {column: (min(them), max(them)) if them else None for column, them in values.items()}

    @property
    def judged(self):
        return self.medians[self._table.columns[-1]]

    def ratio(self, other):
        """How many times better than another column; None where either failed."""
        mine, theirs = self.judged, self.medians[other]
        if not mine or not theirs:
            return None
        return mine / theirs if UNITS[self.row.metric][1] else theirs / mine

    def verdict(self):
        """Whether the target is met, in words; what is in bold is not."""
        words = [self._against_target()] if self.row.target else []
        if QEMU in self.medians and (ratio := self.ratio(QEMU)) is not None and ratio < 1:
            words.append('**behind qemu-nbd**')
        return ', '.join(words)

    def _against_target(self):
        target, tolerance = self.row.target, self._table.tolerance
        if target.kind == 'limit':
            value, better = self.judged, lambda a, b: a <= b
        else:
            ratio = self.ratio(self._table.columns[0])
            value, better = ratio and (1 / ratio if target.kind == 'cost' else ratio), lambda a, b: a >= b * (1 - tolerance)
            if target.kind == 'cost':
                better = lambda a, b: a <= b  # noqa: E731
        if value is None:
            return '**failed**'
        if not better(value, target.least):
            return '**missed**'
        return 'aim met' if target.aim is not None and better(value, target.aim) else 'met'


def markdown(table, lines):
    """The table; every line as it is shown."""
    has_nbdkit, has_qemu = NBDKIT in table.columns, QEMU in table.columns
    base = 'to nbdkit' if has_nbdkit else 'to ' + table.columns[0]
    rows = [['', 'unit', *table.columns, base, *(['to qemu-nbd'] if has_qemu else []), 'at least', 'aim', 'result']]
    for line in lines:
        rows.append([line.row.title, UNITS[line.row.metric][0], *(_figure(line.medians[it]) for it in table.columns),
                     _ratio(line, table.columns[0]), *([_ratio(line, QEMU)] if has_qemu else []),
                     *_targets(line.row), line.verdict()])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    texts = ['| ' + ' | '.join(cell.ljust(width) for cell, width in zip(row, widths)) + ' |' for row in rows]
    numbers = range(2, len(widths) - 1)
    texts.insert(1, '|' + '|'.join('-' * (width + 1) + (':' if i in numbers else '-') for i, width in enumerate(widths)) + '|')
    return '\n'.join(texts)


def as_data(table, lines):
    """The same for other programs, with the smallest and the largest of the runs."""
    return {'%s/%s' % (table.name, it.row.name): dict(unit=UNITS[it.row.metric][0], medians=it.medians, spreads=it.spreads, verdict=it.verdict())
            for it in lines}


def _figure(value):
    if value is None:
        return 'failed'
    return '%.0f' % value if value >= 1000 else '%.3g' % value


def _ratio(line, other):
    ratio = line.ratio(other)
    if ratio is None:
        return '-'
    target = line.row.target
    # A cost is stated as it is felt: so many times the other's time.
    return '%.2fx its cost' % (1 / ratio) if target and target.kind == 'cost' and other == NBDKIT else '%.2f' % ratio


def _targets(row):
    target = row.target
    if target is None:
        return ['', '']

    def text(value):
        if value is None:
            return ''
        return {'speed': '%g', 'cost': '%gx its cost', 'limit': 'at most %g'}[target.kind] % value
    return [text(target.least), text(target.aim)]
