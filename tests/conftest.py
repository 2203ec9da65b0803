"""What several tests share: the built book, a browser, and patience."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import address, chromium, play, visit
from hypothesis import settings

__all__ = ["address", "chromium", "play", "visit"]  # fixtures

os.environ.setdefault("OMP_NUM_THREADS", "1")  # tests run side by side: each of them on one core

settings.register_profile("patient", deadline=None)  # a busy machine is no mistake
settings.load_profile("patient")

ROOT = Path(__file__).parents[1]
BUILD_BOOK = "jupyter-book build book --config _config.yml --path-output . -W -n --keep-going -q"


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Let one test process build while the others wait."""
    import fcntl

    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built book, brought up to date; or the one that BOOK_HTML names, as it is."""
    if "BOOK_HTML" in os.environ:
        return Path(os.environ["BOOK_HTML"])
    pytest.importorskip("jupyter_book", reason="the book's packages are not installed (pip install -e '.[book]')")
    program, *arguments = BUILD_BOOK.split()
    command = [Path(sys.executable).with_name(program), *arguments]
    with one_at_a_time(ROOT / "_build" / "book.lock"):
        environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
        build = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if build.returncode:
        pytest.fail(f"the book does not build:\n{(build.stdout + build.stderr)[-4000:]}", pytrace=False)
    return ROOT / "_build" / "html"
