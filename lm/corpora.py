"""Texts to train on: given names that come with the course, two well-known files on request, or a file of your own.

`given_names()` needs no network. `names()` and `tiny_shakespeare()` download their file once, check its SHA-256 and
keep it; where there is no network, `path=` names a copy on this machine. `text_file(path)` reads any text.
Numbers that the course states belong to exactly these files, so a file that differs is refused.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pooch
from requests import RequestException, Response

GIVEN_NAMES = Path(__file__).parent / "data" / "given_names.txt"


class CorpusError(RuntimeError):
    """A corpus could not be had as it should be; the message says what was expected, what came, what to do."""


@dataclass(frozen=True)
class RemoteFile:
    """A public file that is known by its content."""

    url: str
    sha256: str
    loader: str
    """The function of this module that reads it, for the advice in an error."""

    @property
    def name(self) -> str:
        """What the file is called here: the first part of its hash keeps files of one name apart."""
        return f"{self.sha256[:8]}-{self.url.rsplit('/', 1)[-1]}"


NAMES = RemoteFile(
    url="https://raw.githubusercontent.com/karpathy/makemore/master/names.txt",
    sha256="0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
    loader="names",
)
TINY_SHAKESPEARE = RemoteFile(
    url="https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
    sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
    loader="tiny_shakespeare",
)


# --- words -----------------------------------------------------------------------------------------------------


def given_names() -> list[str]:
    """About 17,000 given names of many cultures, each once, in alphabetical order, in the letters a-z.

    The list was written for this course. Names of other scripts stand in a common romanisation, accents are left
    out. Its file groups the names by culture; a name that is at home in several stands in the first.

    >>> given_names()[:3]
    ['aadhavan', 'aadu', 'aafke']
    """
    return list(_given_names())


@cache
def _given_names() -> tuple[str, ...]:
    lines = GIVEN_NAMES.read_text(encoding="utf-8").splitlines()
    return tuple(sorted(name for line in lines if not line.startswith("#") for name in line.split()))


def names(path: str | Path | None = None) -> list[str]:
    """The 32,033 names of names.txt (Karpathy, makemore), in the order of the file.

    Downloaded once and kept, or read from `path`. Raises CorpusError if the file cannot be had or is another one.
    """
    return _content(NAMES, path).split()


# --- running text ----------------------------------------------------------------------------------------------


def tiny_shakespeare(path: str | Path | None = None) -> str:
    """About 1.1 million characters of Shakespeare's plays (Karpathy, char-rnn).

    Downloaded once and kept, or read from `path`. Raises CorpusError if the file cannot be had or is another one.
    """
    return _content(TINY_SHAKESPEARE, path)


def text_file(path: str | Path) -> str:
    """The text of any file in UTF-8, with line ends as "\\n" and without a byte order mark.

    Raises CorpusError if there is no such file or it is not UTF-8.
    """
    data = _bytes(Path(path))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            f"{path} is not text in UTF-8: byte {error.start} (line {line}) is 0x{data[error.start]:02x}, which cannot "
            "stand there; save the file as UTF-8 in a text editor."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- training, development, test -------------------------------------------------------------------------------


class Split(NamedTuple):
    """Words in three lists that have no place of the shuffled list in common."""

    train: list[str]
    dev: list[str]
    test: list[str]


def course_split(words: Sequence[str], seed: int = 42) -> Split:
    """The split that every number of the course belongs to: shuffled by `random.Random(seed)`, then 80, 10, 10 %.

    `words` is not changed.

    >>> [len(part) for part in course_split("a b c d e f g h i j k".split())]
    [8, 1, 2]
    """
    deck = list(words)
    random.Random(seed).shuffle(deck)
    eight, nine = (len(deck) * tenths // 10 for tenths in (8, 9))
    return Split(train=deck[:eight], dev=deck[eight:nine], test=deck[nine:])


# --- files that must be exactly what they were -----------------------------------------------------------------


def fetch(file: RemoteFile, folder: str | Path | None = None) -> Path:
    """The place of the file on this machine; it is downloaded if it is not there yet.

    `folder` is where it is kept, by default the user's folder for caches. A download that fails, breaks off or has
    another SHA-256 raises CorpusError and leaves the folder as it was.
    """
    place = Path(folder or pooch.os_cache("language-models-from-nothing")) / file.name
    advice = (
        f"try again later, or get the file another way and call {file.loader}(path=...) with its place; "
        "nothing on this machine was changed."
    )
    if place.exists() and _sha256(place.read_bytes()) == file.sha256:
        return place
    pooch.get_logger().setLevel("WARNING")
    download = pooch.HTTPDownloader(hooks={"response": _close_if_refused})
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=place.parent) as apart:
            new = Path(pooch.retrieve(file.url, known_hash=None, fname=file.name, path=apart, downloader=download))
            got = _sha256(new.read_bytes())
            if got != file.sha256:
                raise CorpusError(
                    f"{file.url} sent another file than expected: SHA-256 {file.sha256} expected, {got} came "
                    f"({new.stat().st_size:,} bytes); {advice}"
                )
            new.replace(place)
    except (OSError, RequestException) as error:
        reason = " ".join(str(error).split())
        raise CorpusError(
            f"The file with SHA-256 {file.sha256} was expected from {file.url}, but what came was "
            f"{type(error).__name__} ({reason}); {advice}"
        ) from error
    return place


def _close_if_refused(response: Response, *args: object, **kwargs: object) -> None:
    if not response.ok:  # pooch raises then, and would leave the connection open
        response.close()


def _content(file: RemoteFile, path: str | Path | None) -> str:
    if path is None:
        return text_file(fetch(file))
    got = _sha256(_bytes(Path(path)))
    if got != file.sha256:
        raise CorpusError(
            f"{path} is not the file that {file.loader}() stands for: SHA-256 {file.sha256} expected, {got} found; "
            f"download {file.url} again (an editor or Git may have changed line ends), or read a file of your own "
            "with text_file(path)."
        )
    return text_file(path)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"A readable file was expected at {path} (in {Path.cwd()}), but: {error.strerror or error}; check the path."
        ) from error


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
