"""Puts tables between their markers in bench/README.md."""
from .errors import BenchError
from .machine import ROOT

_PAGE = ROOT / 'bench' / 'README.md'


def replace(name, text):
    """Replaces what stands between the markers of a table."""
    begin, end = '<!-- begin %s -->\n' % name, '<!-- end %s -->' % name
    page = _PAGE.read_text()
    if page.count(begin) != 1 or page.count(end) != 1 or page.index(begin) > page.index(end):
        raise BenchError('bench/README.md has no place for the table "%s": it needs the lines %s and %s' % (name, begin.strip(), end))
    head, rest = page.split(begin)
    _PAGE.write_text(head + begin + text.strip() + '\n' + end + rest.split(end, 1)[1])
