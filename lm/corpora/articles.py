"""News articles out of a file in the layout of CNN/DailyMail, read with the `datasets` library."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lm.corpora.errors import CorpusError

READERS: dict[str, tuple[str, dict[str, Any]]] = {
    ".csv": ("from_csv", {"na_filter": False}),  # else an article of the one word "null" would be missing
    ".json": ("from_json", {}),
    ".jsonl": ("from_json", {}),
    ".parquet": ("from_parquet", {}),
}
"""For each ending: the way of `datasets` to read it, with its settings."""


def news(path: str | Path) -> list[str]:
    """The articles of a CSV, JSON lines or Parquet file with the columns of CNN/DailyMail (article, highlights, id).

    In the order of the file; only the column `article` is needed. Nothing is downloaded and nothing is kept beside the
    list. Raises CorpusError if the file is not like that, or the `datasets` library is not installed (it comes with
    `pip install "language-models-from-nothing[news]"`).
    """
    file = Path(path)
    if file.suffix.lower() not in READERS:
        raise CorpusError(
            f"{path} ends in {file.suffix!r}, but news comes as one of {', '.join(READERS)}; convert the file, or read "
            "plain text with text_file(path)."
        )
    if not file.is_file():
        raise CorpusError(
            f"A file of news was expected at {path} (in {Path.cwd()}), but there is none; check the path."
        )
    table = _table(file)
    if "article" not in table.column_names:
        raise CorpusError(
            f"{path} has the columns {', '.join(table.column_names) or '(none)'}, but a column named article was "
            "expected, as CNN/DailyMail has it; rename the column that holds the texts."
        )
    articles: list[Any] = list(table["article"])
    for number, article in enumerate(articles, 1):
        if not isinstance(article, str):
            raise CorpusError(
                f"Article {number} of {path} is {article!r}, but a text was expected; fill that row or remove it."
            )
    return articles


def _table(file: Path) -> Any:
    try:
        import datasets
    except ImportError:
        raise CorpusError(
            "News is read with the library datasets, which is not installed here; install it with pip install datasets."
        ) from None
    reader, settings = READERS[file.suffix.lower()]
    with TemporaryDirectory() as cache, _quiet(datasets):
        try:
            return getattr(datasets.Dataset, reader)(str(file), cache_dir=cache, keep_in_memory=True, **settings)
        except Exception as error:  # each format has errors of its own, and their cause says more than they do
            cause = error.__cause__ or error
            reason = " ".join(str(cause).split()).rstrip(".").replace(". ", ", ")
            raise CorpusError(
                f"{file} could not be read as {file.suffix.lower()} ({type(cause).__name__}: {reason}); look whether "
                "the file is whole and its ending right."
            ) from error


@contextmanager
def _quiet(datasets: Any) -> Iterator[None]:
    """Neither progress bars nor a log: what goes wrong stands in the error."""
    bars, verbosity = datasets.is_progress_bar_enabled(), datasets.logging.get_verbosity()
    datasets.disable_progress_bars()
    datasets.logging.set_verbosity(datasets.logging.CRITICAL)
    try:
        yield
    finally:
        datasets.logging.set_verbosity(verbosity)
        if bars:
            datasets.enable_progress_bars()
