"""Copies of the gradebook and the seeds, made before a write that changes grades: grades/backups/TIME/."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, insert, select

SQLITE = "sqlite:///"


def back_up(grades: Path, url: str | None = None) -> Path | None:
    """Copies what is there, and returns the folder; None if nothing was there yet.

    `url` is the gradebook's; without one it is the SQLite file in `grades`. A gradebook of another database becomes an
    SQLite file with the same tables. To go back, put gradebook.db and seeds.json where they were.
    """
    database, seeds = url or f"{SQLITE}{grades / 'gradebook.db'}", grades / "seeds.json"
    file = Path(database.removeprefix(SQLITE)) if database.startswith(SQLITE) else None
    if not seeds.is_file() and (file is None or not file.is_file()):
        return None
    folder = _fresh_folder(grades / "backups")
    if file is None:
        _copy_tables(database, folder / "gradebook.db")
    elif file.is_file():
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(folder / "gradebook.db")) as target:
            source.backup(target)  # also while somebody has it open in formgrader
    if seeds.is_file():
        shutil.copy2(seeds, folder)  # with its permissions: nobody else may read it
    return folder


def _fresh_folder(backups: Path) -> Path:
    time = f"{datetime.now():%Y-%m-%d-%H%M%S}"
    number = 1
    folder = backups / time
    while folder.exists():
        number += 1
        folder = backups / f"{time}-{number}"
    folder.mkdir(parents=True, mode=0o700)
    return folder


def _copy_tables(source: str, target: Path) -> None:
    from nbgrader.api import Base

    old, new = create_engine(source), create_engine(f"{SQLITE}{target}")
    Base.metadata.create_all(new)
    with old.connect() as reader, new.begin() as writer:
        for table in Base.metadata.sorted_tables:
            if rows := [dict(row._mapping) for row in reader.execute(select(table))]:
                writer.execute(insert(table), rows)
    old.dispose()
    new.dispose()
