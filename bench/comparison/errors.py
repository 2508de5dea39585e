"""The one exception that is shown to the user as a sentence."""


class BenchError(Exception):
    """Something cannot be measured; says why."""
