"""Dialogue in the layout of tiny Shakespeare: a name, a colon, then what is said, and an empty line after it."""

from pathlib import Path

from lm.corpora.remote import TINY_SHAKESPEARE, content
from lm.corpora.textfile import text_file

PASTICHE = Path(__file__).parents[1] / "data" / "pastiche.txt"


def tiny_shakespeare(path: str | Path | None = None) -> str:
    """About 1.1 million characters of Shakespeare's plays (Karpathy, char-rnn).

    Downloaded once and kept, or read from `path`. Raises CorpusError if the file cannot be had or is another one.
    """
    return content(TINY_SHAKESPEARE, path)


def pastiche() -> str:
    """A short play in Elizabethan dialogue, written for this course, in the layout of tiny Shakespeare and in ASCII.

    Its characters, plot and lines are its own; it borrows the manner alone.
    """
    return text_file(PASTICHE)
