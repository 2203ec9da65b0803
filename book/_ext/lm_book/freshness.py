"""Cells run again when `lm/` or an installed version has changed.

The cache of executed pages knows the text of their cells, not the modules that they import. Sphinx in turn
keeps pages that it has read: it misses a new style sheet, and after a build with warnings the next one would
be silent about them, and pass.
"""

import hashlib
import shutil
import sys
from collections.abc import Iterable
from importlib.metadata import distributions
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

logger = logging.getLogger(__name__)
BOOK = Path(__file__).parents[2]
RECORD = "made-with.txt"


def fingerprint(folders: Iterable[Path], versions: Iterable[str] = ()) -> str:
    """A hash that changes with any file of the folders and with the versions."""
    digest = hashlib.sha256("\n".join(sorted(versions)).encode())
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def installed_versions() -> list[str]:
    """Python's version and that of every installed package."""
    return [sys.version, *(f"{package.name} {package.version}" for package in distributions())]


def empty_if_stale(folder: Path, made_with: str) -> bool:
    """Empty the folder unless it was made with the same; whether it was emptied."""
    record = folder / RECORD
    if record.exists() and record.read_text() == made_with:
        return False
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    record.write_text(made_with)
    return True


def check_caches(app: Sphinx, config: Config) -> None:
    """Compare before Sphinx loads the pages it has read and myst-nb opens its cache."""
    cells = fingerprint([BOOK.parent / "lm"], installed_versions())
    if empty_if_stale(Path(app.outdir).parent / ".jupyter_cache", cells):
        logger.info("lm/ or an installed version is new: all cells run again")
    frame = fingerprint([BOOK / "_ext", BOOK / "_templates", BOOK / "assets"])
    empty_if_stale(Path(app.doctreedir), cells + frame)


def forget_after_warnings(app: Sphinx, exception: Exception | None) -> None:
    """Let the next build read every page again, so that it repeats its warnings."""
    if exception is not None or app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Connect to the start and to the end of a build."""
    app.connect("config-inited", check_caches)
    app.connect("build-finished", forget_after_warnings)
