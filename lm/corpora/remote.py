"""Public files that must be exactly what they were: numbers that the course states belong to these bytes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pooch
from requests import RequestException, Response

from lm.corpora.errors import CorpusError
from lm.corpora.textfile import file_bytes, text_file


@dataclass(frozen=True)
class RemoteFile:
    """A public file that is known by its content."""

    url: str
    sha256: str
    loader: str
    """The function of `lm.corpora` that reads it, for the advice in an error."""

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


def content(file: RemoteFile, path: str | Path | None) -> str:
    """The text of the file, downloaded once and kept, or read from `path` if that is the same file."""
    if path is None:
        return text_file(fetch(file))
    got = _sha256(file_bytes(path))
    if got != file.sha256:
        raise CorpusError(
            f"{path} is not the file that {file.loader}() stands for: SHA-256 {file.sha256} expected, {got} found; "
            f"download {file.url} again (an editor or Git may have changed line ends), or read a file of your own "
            "with text_file(path)."
        )
    return text_file(path)


def _close_if_refused(response: Response, *args: object, **kwargs: object) -> None:
    if not response.ok:  # pooch raises then, and would leave the connection open
        response.close()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
