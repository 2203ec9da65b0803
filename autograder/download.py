"""Reading a download of submissions, a zip or a folder, that strangers filled: names, sizes, times, content."""

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from autograder.errors import CourseError
from autograder.intake import MAX_FILE

MAX_ENTRIES = 100_000


@dataclass(frozen=True)
class Entry:
    """One file of a download. `path` is relative and never leads upwards; `problem` says why it cannot be read."""

    path: PurePosixPath
    size: int
    time: datetime | None  # in UTC, by the download's own clock
    problem: str = ""
    name: str = ""  # in the archive


class Download:
    """A zip or a folder; use it in a `with` statement."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self._archive: zipfile.ZipFile | None = None
        if not source.exists():
            raise CourseError(f"there is no {source}; expected the zip that Moodle or Canvas made, or a folder of it")
        if source.is_file():
            try:
                self._archive = zipfile.ZipFile(source)
            except (zipfile.BadZipFile, OSError) as error:
                raise CourseError(f"{source} is no zip file ({error}); download it again") from error

    def __enter__(self) -> "Download":
        return self

    def __exit__(self, *error: object) -> None:
        if self._archive:
            self._archive.close()

    def entries(self) -> Iterator[Entry]:
        """The files, in their order; raises CourseError if there are more than any class could have handed in."""
        if self._archive is None:
            yield from self._files()
            return
        infos = self._archive.infolist()
        if len(infos) > MAX_ENTRIES:
            raise CourseError(f"{self.source} holds {len(infos)} files, more than {MAX_ENTRIES}; that is no class")
        yield from (_zipped(info) for info in infos if not info.is_dir())

    def _files(self) -> Iterator[Entry]:
        for path in sorted(self.source.rglob("*")):
            inside = PurePosixPath(path.relative_to(self.source).as_posix())
            if path.is_symlink():
                yield Entry(inside, 0, None, "it is a link, which is not followed")
            elif path.is_file():
                about = path.stat()
                yield Entry(
                    inside, about.st_size, datetime.fromtimestamp(about.st_mtime, UTC), _too_large(about.st_size)
                )

    def read(self, entry: Entry) -> bytes:
        """The content of an entry without a problem; ValueError if it is more than the entry said, or broken."""
        if self._archive is None:
            content = (self.source / entry.path).read_bytes()
        else:
            try:
                with self._archive.open(entry.name) as file:
                    content = file.read(entry.size + 1)  # never more than was promised
            except Exception as error:  # a broken archive can raise nearly everything
                raise ValueError(f"it cannot be unpacked ({error})") from error
        if len(content) > entry.size:
            raise ValueError("it is larger than the archive says")
        return content


def _zipped(info: zipfile.ZipInfo) -> Entry:
    path = PurePosixPath(info.filename)
    problem = _too_large(info.file_size)
    if path.is_absolute() or ".." in path.parts or "\\" in info.filename:
        problem = "its path leads out of the archive"
    elif stat.S_ISLNK(info.external_attr >> 16):
        problem = "it is a link, which is not followed"
    elif info.flag_bits & 1:
        problem = "it is encrypted"
    return Entry(path, info.file_size, _time(info.date_time), problem, info.filename)


def _too_large(size: int) -> str:
    return f"it has more than {MAX_FILE // 2**20} MB" if size > MAX_FILE else ""


def _time(date: tuple[int, int, int, int, int, int]) -> datetime | None:
    """A zip's date, which has no time zone and is taken for this machine's; None for "unknown", the year 1980."""
    try:
        return datetime(*date).astimezone(UTC) if date[0] > 1980 else None
    except ValueError:
        return None
