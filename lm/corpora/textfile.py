"""Any text in UTF-8."""

from pathlib import Path

from lm.corpora.errors import CorpusError


def text_file(path: str | Path) -> str:
    """The text of any file in UTF-8, with line ends as "\\n" and without a byte order mark.

    Raises CorpusError if there is no such file or it is not UTF-8.
    """
    data = file_bytes(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            f"{path} is not text in UTF-8: byte {error.start} (line {line}) is 0x{data[error.start]:02x}, which cannot "
            "stand there; save the file as UTF-8 in a text editor."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def file_bytes(path: str | Path) -> bytes:
    """What the file holds. Raises CorpusError if it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CorpusError(
            f"A readable file was expected at {path} (in {Path.cwd()}), but: {error.strerror or error}; check the path."
        ) from error
