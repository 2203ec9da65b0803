"""What goes wrong when a text is to be had."""


class CorpusError(RuntimeError):
    """A corpus could not be had as it should be; the message says what was expected, what came, what to do."""
