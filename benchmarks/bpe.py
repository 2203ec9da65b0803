"""How fast byte-pair encoding is: the plain and the fast training of week 6 beside two compiled libraries, in one run.

    python benchmarks/bpe.py                     # 1 MB of text, vocabulary of 1,000; about ten minutes
    python benchmarks/bpe.py --bytes 100000      # a quick look

The text is half English (the reference of Python) and half locale data in many scripts. Training: the plain and the
fast version of the exercises, and Hugging Face `tokenizers`. Encoding: ours, `tokenizers` and `tiktoken`, all with the
merges that the fast version learnt. Streaming: `encode_iterable` over five times the text, and the memory it takes.

Prints tables with ratios. With --record it also writes lm/data/bpe_benchmark.json, which the chapter shows.
"""

import argparse
import gc
import json
import os
import platform
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ["RAYON_NUM_THREADS"] = "1"  # one core for everybody
os.environ["TOKENIZERS_PARALLELISM"] = "false"

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "lm" / "data" / "bpe_benchmark.json"
sys.path[:0] = [str(ROOT), str(ROOT / "solutions" / "week6-bpe")]

import tiktoken  # noqa: E402 - the number of threads is read when it is imported
from reference import GPT2, BPETokenizer, encode_iterable, pretokenize, train_bpe, train_bpe_fast  # noqa: E402

from lm.byte_level_bpe import ByteLevelBPE  # noqa: E402
from lm.corpora import multilingual, python_reference  # noqa: E402


def mixed_text(size: int) -> str:
    """About `size` bytes: half English and code, half passages from all over the multilingual text."""
    half = size // 2
    english = (python_reference() * (1 + half // len(python_reference())))[:half]
    other = multilingual()
    passages = [other[len(other) * i // 500 :][: size // 500] for i in range(500)]
    data = (english + "\n" + "\n".join(passages)).encode("utf-8")
    return data[:size].decode("utf-8", errors="ignore")


def timed(work: Callable[[], Any], rounds: int = 1) -> tuple[float, Any]:
    """The best time of some rounds in seconds, and the result."""
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def training(text: str, vocab_size: int) -> tuple[dict[str, Any], dict[int, bytes], list[tuple[bytes, bytes]]]:
    fast, (vocab, merges) = timed(lambda: train_bpe_fast(text, vocab_size), rounds=3)
    library, theirs = timed(lambda: ByteLevelBPE.train(text, vocab_size), rounds=3)
    plain, (_, slow_merges) = timed(lambda: train_bpe(text, vocab_size))
    first_difference = next((i for i, (a, b) in enumerate(zip(merges, theirs.merges, strict=True)) if a != b), None)
    found = {
        "plain": plain,
        "fast": fast,
        "tokenizers": library,
        "plain and fast learn the same merges": slow_merges == merges,
        "first merge in which tokenizers differs": first_difference,
        "tokens that tokenizers has too": len(set(vocab.values()) & set(theirs.vocab.values())),
    }
    return found, vocab, merges


def encoding(text: str, ours: BPETokenizer) -> dict[str, Any]:
    library = ByteLevelBPE(ours.merges)
    other = tiktoken.Encoding("course", pat_str=GPT2, mergeable_ranks=ours.ranks, special_tokens={})
    seconds, ids = timed(lambda: ours.encode(text))
    library_seconds, library_ids = timed(lambda: library.encode(text), rounds=3)
    other_seconds, other_ids = timed(lambda: other.encode(text), rounds=3)
    return {
        "ours": seconds,
        "tokenizers": library_seconds,
        "tiktoken": other_seconds,
        "tokens": len(ids),
        "all three give the same ids": ids == library_ids == other_ids,
    }


def streaming(text: str, ours: BPETokenizer, times: int = 5) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "text.txt")
        file.write_text((text + "\n") * times, encoding="utf-8")
        expected = sum(1 for _ in ours.encode((text + "\n") * times))
        gc.collect()
        tracemalloc.start()
        with open(file, encoding="utf-8", newline="") as lines:
            before = tracemalloc.get_traced_memory()[0]
            count = sum(1 for _ in encode_iterable(ours, lines))
            extra = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()
        size = file.stat().st_size
    return {"bytes": size, "tokens": count, "as many as at once": count == expected, "extra bytes of memory": extra}


def table(title: str, seconds: dict[str, float], base: str) -> None:
    print(f"\n{title}")
    for name, value in seconds.items():
        ratio = seconds[base] / value
        print(f"  {name:12} {value:10.3f} s   {ratio:10.1f} x {base}" + ("" if name != base else "  (1)"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", type=int, default=1_000_000, help="how much text (default 1,000,000)")
    parser.add_argument("--vocab-size", type=int, default=1000, help="tokens, the 256 bytes included (default 1,000)")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.relative_to(ROOT)}")
    options = parser.parse_args()

    text = mixed_text(options.bytes)
    pretokens = pretokenize(text)
    found: dict[str, Any] = {
        "command": "python " + " ".join(["benchmarks/bpe.py", *sys.argv[1:]]),
        "machine": f"{platform.machine()}, one core of {os.cpu_count()}, Python {platform.python_version()}, "
        f"tokenizers {version('tokenizers')}, tiktoken {version('tiktoken')}",
        "text": {
            "bytes": len(text.encode("utf-8")),
            "characters": len(text),
            "pretokens": len(pretokens),
            "different pretokens": len(set(pretokens)),
        },
        "vocab_size": options.vocab_size,
    }
    print(found["machine"], found["text"], sep="\n")
    found["training"], vocab, merges = training(text, options.vocab_size)
    table("training", {name: found["training"][name] for name in ("plain", "fast", "tokenizers")}, "plain")
    ours = BPETokenizer(vocab, merges)
    found["encoding"] = encoding(text, ours)
    table("encoding", {name: found["encoding"][name] for name in ("ours", "tokenizers", "tiktoken")}, "ours")
    found["streaming"] = streaming(text, ours)
    print("\n" + json.dumps(found, indent=1))

    wrong = [
        name
        for name, right in {
            "plain and fast training differ": found["training"]["plain and fast learn the same merges"],
            "the three encoders differ": found["encoding"]["all three give the same ids"],
            "streaming gives another number of tokens": found["streaming"]["as many as at once"],
            "streaming takes more than 1 MB": found["streaming"]["extra bytes of memory"] < 1_000_000,
        }.items()
        if not right
    ]
    if wrong:
        print("\nWRONG:", "; ".join(wrong))
        return 1
    if options.record:
        RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
