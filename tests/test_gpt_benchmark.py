"""The benchmark of the GPT: it runs on any text, and what it recorded is what the course promises."""

import json
import math
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from modules import module_at
from torch import nn

from lm.corpora import pastiche

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "benchmarks" / "gpt.py"


@pytest.fixture(scope="module")
def gpt():
    return module_at("benchmarks/gpt.py")


def run(*options: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    small = ("--steps", 6, "--width", 16, "--threads", 1, "--device", "cpu")
    words = [sys.executable, str(SCRIPT), *map(str, (*small, *options))]
    return subprocess.run(words, capture_output=True, text=True, cwd=cwd)


@pytest.fixture
def play(tmp_path) -> Path:
    path = tmp_path / "play.txt"
    path.write_text(pastiche())
    return path


def test_it_trains_evaluates_and_records(tmp_path, play):
    file = tmp_path / "result.json"
    done = run("--text", play, "--seeds", 2, "--record", file, cwd=tmp_path)
    assert done.stderr == ""
    assert done.returncode == 1  # 6 steps do not reach 1.88, and it says so
    kept = json.loads(file.read_text())
    losses = [result["loss"] for result in kept["runs"]]
    assert kept["mean"] == pytest.approx(sum(losses) / 2, abs=1e-4)
    assert f"mean of 2 seeds: {kept['mean']:.4f} nats a character (published: 1.88)" in done.stdout
    assert all(2 < loss < math.log(kept["characters"]["different"]) for loss in losses)
    assert losses[0] != losses[1]
    assert kept["characters"]["train"] + kept["characters"]["validation"] == len(pastiche())
    curve = kept["runs"][0]["curve"]
    assert curve["step"] == list(range(1, 7))
    assert curve["train"][-1] < curve["train"][0]
    assert len(curve["held_out"]) == 6
    assert "path/to/input.txt python benchmarks/gpt.py --seeds 2 --steps 6 --width 16" in kept["command"]
    assert str(tmp_path) not in file.read_text()


def test_tuning_does_not_look_at_the_validation_text(tmp_path, play):
    text = play.read_text()
    train, validation = text[: len(text) * 9 // 10], text[len(text) * 9 // 10 :]
    other = tmp_path / "other.txt"
    other.write_text(train + "".join(reversed(validation)))
    answers = [run("--tune", "--text", path, cwd=tmp_path).stdout for path in (play, other)]
    losses = [[line.split(", ")[0] for line in answer.splitlines()[1:]] for answer in answers]
    assert losses[0] == losses[1]
    assert len(losses[0]) >= 3


def test_without_a_text_it_says_what_to_give(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_SHAKESPEARE", raising=False)
    done = run(cwd=tmp_path)
    assert done.returncode == 2
    assert "give --text, or set COURSE_SHAKESPEARE" in done.stderr


class Bigram(nn.Module):
    """A model whose loss over a text can be summed by hand."""

    def __init__(self, table, block_size):
        super().__init__()
        self.table, self.cfg = table, type("Config", (), {"block_size": block_size})

    def forward(self, x, y):
        logits = self.table[x]
        return logits, nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())


@pytest.mark.parametrize("length", [2, 3, 4, 5, 9, 8 * 256 + 1, 8 * 256 + 4])
def test_the_loss_takes_in_every_character_once(gpt, length):
    generator = torch.Generator().manual_seed(length)
    table = torch.randn(5, 5, generator=generator)
    text = torch.randint(5, (length,), generator=generator)
    expected = nn.functional.cross_entropy(table[text[:-1]], text[1:]).item()
    assert gpt.loss_on(Bigram(table, block_size=8), text) == pytest.approx(expected, rel=1e-5)


def test_the_learning_rate_warms_up_and_falls_to_a_tenth(gpt):
    recipe = gpt.Recipe(learning_rate=2.0, warm_up=4, steps=14)
    rates = [gpt.rate(recipe, step) for step in range(14)]
    assert rates[:5] == pytest.approx([0.4, 0.8, 1.2, 1.6, 2.0])
    assert rates[4:] == sorted(rates[4:], reverse=True)
    assert rates[9] == pytest.approx(1.1)  # half-way down
    assert 0.2 < rates[-1] < 0.3


def test_only_matrices_decay(gpt):
    model = gpt.GPT(gpt.GPTConfig(vocab_size=7, block_size=5, n_layer=1, n_head=1, n_embd=4))
    matrices, vectors = gpt.optimizer(model, gpt.Recipe()).param_groups
    assert {p.ndim for p in matrices["params"]} == {2}
    assert {p.ndim for p in vectors["params"]} == {1}
    assert (matrices["weight_decay"], vectors["weight_decay"]) == (0.1, 0.0)
    assert len(matrices["params"]) + len(vectors["params"]) == len(list(model.parameters()))


def test_the_recorded_runs_reach_the_published_loss(gpt):
    kept = json.loads(gpt.RECORDED.read_text(encoding="utf-8"))
    assert kept["recipe"] == asdict(gpt.CHOSEN)
    assert (kept["recipe"]["n_layer"], kept["recipe"]["n_head"], kept["recipe"]["n_embd"]) == (4, 4, 128)
    assert (kept["recipe"]["block_size"], kept["recipe"]["batch_size"], kept["recipe"]["steps"]) == (64, 12, 2000)
    assert [result["seed"] for result in kept["runs"]] == [0, 1, 2]
    assert kept["mean"] == pytest.approx(sum(result["loss"] for result in kept["runs"]) / 3, abs=1e-4)
    assert kept["mean"] <= kept["published"] == 1.88
    assert "--record" in kept["command"]
    assert kept["characters"] == {"train": 1_003_854, "validation": 111_540, "different": 65}
    best = min(kept["tried"], key=lambda tried: tried["loss"])
    assert best["changed"] == {"learning_rate": gpt.CHOSEN.learning_rate}
    assert "--tune" in kept["tried_command"]
