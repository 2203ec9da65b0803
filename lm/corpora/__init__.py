"""Texts to train on: some that come with the course, two well-known files on request, or a file of your own.

Without a network there are `given_names()`, `pastiche()`, `python_reference()` and `multilingual()`. `names()` and
`tiny_shakespeare()` download their file once, check its SHA-256 and keep it; where there is no network, `path=` names
a copy on this machine. `text_file(path)` reads any text, `news(path)` a file of news articles.
"""

from lm.corpora.articles import news
from lm.corpora.errors import CorpusError
from lm.corpora.locales import multilingual
from lm.corpora.plays import pastiche, tiny_shakespeare
from lm.corpora.reference import python_reference
from lm.corpora.remote import NAMES, TINY_SHAKESPEARE, RemoteFile, fetch
from lm.corpora.textfile import text_file
from lm.corpora.words import GIVEN_NAMES, Split, course_split, given_names, names

__all__ = [
    "GIVEN_NAMES",
    "NAMES",
    "TINY_SHAKESPEARE",
    "CorpusError",
    "RemoteFile",
    "Split",
    "course_split",
    "fetch",
    "given_names",
    "multilingual",
    "names",
    "news",
    "pastiche",
    "python_reference",
    "text_file",
    "tiny_shakespeare",
]
