"""The corpora: the list that comes with the course, downloads from a real server, files of one's own."""

import hashlib
import os
import random
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lm import corpora
from lm.corpora import CorpusError, RemoteFile, course_split, fetch, given_names, text_file

TEXT = b"ada\ngrace\nemmy\n"
SHA256 = hashlib.sha256(TEXT).hexdigest()


class Answers(BaseHTTPRequestHandler):
    """Each address has its own way to go wrong."""

    def do_GET(self):
        body = {"/wrong.txt": b"<html>log in first</html>"}.get(self.path, TEXT)
        self.send_response(404 if self.path == "/missing.txt" else 500 if self.path == "/failing.txt" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:5] if self.path == "/cut.txt" else body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def remote(server: str, file: str) -> RemoteFile:
    return RemoteFile(f"{server}/{file}", SHA256, "names")


# --- the list of the course ------------------------------------------------------------------------------------


def test_the_given_names_are_many_different_and_in_lower_case():
    names = given_names()
    assert len(names) >= 4000
    assert names == sorted(set(names))
    assert all(re.fullmatch("[a-z]{2,15}", name) for name in names)


def test_the_file_of_given_names_names_each_once_and_has_no_empty_group():
    lines = corpora.GIVEN_NAMES.read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    assert len(words) == len(set(words))
    groups = [part.strip().splitlines() for part in "\n".join(lines).split("\n\n")[1:]]
    assert len(groups) >= 40
    assert all(group[0].startswith("# ") and len(group) > 1 for group in groups)


def test_names_from_every_corner_are_there():
    some = """
        kwame chinonso wanjiru nomvula haile fatima noam dariush aygul nino anjali kanimozhi tenzin khongorzul xiaoling
        jiho haruka thuy somchai wayan kalani nanuq dyami xochitl ailen siobhan matteo jurgen astrid aino vytautas
        zbigniew oksana zivko eleni zsofia
    """
    assert set(some.split()) - set(given_names()) == set()


# --- the split -------------------------------------------------------------------------------------------------


def test_the_split_is_the_one_that_the_seed_determines():
    words = given_names()
    split = course_split(words)
    shuffled = given_names()
    random.Random(42).shuffle(shuffled)
    assert [*split.train, *split.dev, *split.test] == shuffled
    assert words == given_names()
    assert [len(part) for part in split] == [int(0.8 * len(words)), len(split.dev), len(words) - int(0.9 * len(words))]
    assert split == course_split(words, 42) != course_split(words, 43)


# --- downloads -------------------------------------------------------------------------------------------------


def test_a_file_is_downloaded_once_and_then_kept(server, tmp_path):
    file = remote(server, "names.txt")
    place = fetch(file, tmp_path / "not" / "there" / "yet")
    assert place.read_bytes() == TEXT
    place.touch()
    before = place.stat().st_mtime_ns
    assert fetch(file, place.parent) == place
    assert place.stat().st_mtime_ns == before


def test_a_kept_file_that_was_damaged_is_downloaded_again(server, tmp_path):
    file = remote(server, "names.txt")
    (tmp_path / file.name).write_bytes(b"damaged")
    assert fetch(file, tmp_path).read_bytes() == TEXT


@pytest.mark.parametrize(
    ("name", "what_came"),
    [
        ("wrong.txt", hashlib.sha256(b"<html>log in first</html>").hexdigest()),
        ("cut.txt", "5 bytes read, 10 more expected"),
        ("missing.txt", "404"),
        ("failing.txt", "500"),
    ],
)
@pytest.mark.parametrize("kept", [None, b"damaged"])
def test_a_download_that_goes_wrong_says_so_in_one_sentence_and_changes_nothing(
    server, tmp_path, name, what_came, kept
):
    file = remote(server, name)
    if kept:
        (tmp_path / file.name).write_bytes(kept)
    with pytest.raises(CorpusError) as caught:
        fetch(file, tmp_path)
    message = str(caught.value)
    assert SHA256 in message
    assert what_came in message
    assert "names(path=...)" in message
    assert not re.search(r"\n|\. ", message)
    assert [(place.name, place.read_bytes()) for place in tmp_path.iterdir()] == ([(file.name, kept)] if kept else [])


def test_without_a_network_the_error_says_what_to_do(tmp_path):
    with pytest.raises(CorpusError, match=r"ConnectionError .*names\(path=\.\.\.\)"):
        fetch(RemoteFile("http://127.0.0.1:9/names.txt", SHA256, "names"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(server, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CorpusError, match=r"Error.*names\(path"):
        fetch(remote(server, "names.txt"), tmp_path / "file" / "cache")


def test_the_loaders_ask_for_their_own_file(server, tmp_path, monkeypatch):
    monkeypatch.setattr("lm.corpora.words.NAMES", remote(server, "names.txt"))
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / project)
    assert corpora.names() == ["ada", "grace", "emmy"]
    assert [place.read_bytes() for place in (tmp_path / "language-models-from-nothing").iterdir()] == [TEXT]


@pytest.mark.parametrize(
    ("file", "load"), [(corpora.NAMES, corpora.names), (corpora.TINY_SHAKESPEARE, corpora.tiny_shakespeare)]
)
def test_the_addresses_are_public_the_hashes_whole_and_the_advice_right(file, load):
    assert file.url.startswith("https://raw.githubusercontent.com/karpathy/")
    assert re.fullmatch("[0-9a-f]{64}", file.sha256)
    assert getattr(corpora, file.loader) is load


def test_files_of_one_name_are_kept_apart(server, tmp_path):
    other = RemoteFile(f"{server}/other/names.txt", "0" * 64, "names")
    with pytest.raises(CorpusError):
        fetch(other, tmp_path)
    assert fetch(remote(server, "names.txt"), tmp_path).name != other.name


# --- files by path ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("load", [corpora.names, corpora.tiny_shakespeare])
def test_a_path_to_another_file_is_refused(tmp_path, load):
    own = tmp_path / "own.txt"
    own.write_bytes(TEXT)
    with pytest.raises(CorpusError) as caught:
        load(own)
    for part in (str(own), SHA256, "expected", "found", "https://", "text_file(path)"):
        assert part in str(caught.value)


def test_a_path_to_nothing_is_told(tmp_path):
    with pytest.raises(CorpusError, match=r"nowhere\.txt .*No such file or directory; check the path"):
        corpora.names(tmp_path / "nowhere.txt")
    with pytest.raises(CorpusError, match="Is a directory"):
        text_file(tmp_path)


@pytest.mark.skipif("COURSE_NAMES_TXT" not in os.environ, reason="COURSE_NAMES_TXT does not give the path of names.txt")
def test_names_txt_has_32033_names():
    names = corpora.names(os.environ["COURSE_NAMES_TXT"])
    assert len(names) == 32033
    assert names[0] == "emma"


@pytest.mark.skipif(
    "COURSE_SHAKESPEARE" not in os.environ, reason="COURSE_SHAKESPEARE does not give the path of input.txt"
)
def test_tiny_shakespeare_begins_with_a_citizen():
    assert corpora.tiny_shakespeare(Path(os.environ["COURSE_SHAKESPEARE"])).startswith("First Citizen:\n")


def test_a_file_of_ones_own_is_read_as_utf_8(tmp_path):
    own = tmp_path / "own.txt"
    own.write_bytes("\ufeffČapek\r\n日本\rπ\n".encode())
    assert text_file(own) == "Čapek\n日本\nπ\n"


def test_a_file_in_another_encoding_says_where(tmp_path):
    own = tmp_path / "own.txt"
    own.write_bytes("one\nCapek\nČapek".encode("cp1250"))
    with pytest.raises(CorpusError, match=r"byte 10 \(line 3\) is 0xc8.*save the file as UTF-8"):
        text_file(own)
