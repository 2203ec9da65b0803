"""The course's GPT on tiny Shakespeare, beside the published loss for the same configuration.

    COURSE_SHAKESPEARE=path/to/input.txt python benchmarks/gpt.py
    python benchmarks/gpt.py --text path/to/input.txt --seeds 1 --threads 1
    python benchmarks/gpt.py --text path/to/input.txt --record        # writes what the chapter shows
    python benchmarks/gpt.py --text path/to/input.txt --tune          # how the recipe was chosen

Trains the GPT of week 5 (solutions/week5-transformers/reference.py) on the first 90 % of the text and prints its loss
on the WHOLE last 10 %: consecutive windows, each character predicted once, in nats a character. The configuration is
the one that nanoGPT (Karpathy, 2022) documents for a computer without a GPU: 4 layers, 4 heads, 128 channels, a context
of 64 characters, batches of 12, 2,000 steps; its README states a validation loss of 1.88. Exit status 1 if the mean
over the seeds is above that. With a GPU, `--device auto` takes it.

`--tune` does not look at the last 10 %: it trains on the first 80 % and prints the loss on the next 10 %.
"""

import argparse
import json
import math
import os
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from autograder.reference import read_reference
from lm.corpora import text_file

ROOT = Path(__file__).parents[1]
week5 = read_reference(ROOT / "solutions" / "week5-transformers" / "reference.py").namespace
GPT, GPTConfig = week5["GPT"], week5["GPTConfig"]
estimate_loss, get_batch = week5["estimate_loss"], week5["get_batch"]

RECORDED = ROOT / "lm" / "data" / "gpt_benchmark.json"
PUBLISHED = 1.88


@dataclass(frozen=True)
class Recipe:
    """All of it as in nanoGPT's example; `CHOSEN` differs from that in the learning rate alone."""

    n_layer: int = 4
    n_head: int = 4
    n_embd: int = 128
    block_size: int = 64
    batch_size: int = 12
    steps: int = 2000
    bias: bool = False
    dropout: float = 0.0
    learning_rate: float = 1e-3  # the highest; warm-up leads up to it, a cosine down to a tenth of it
    warm_up: int = 100
    beta1: float = 0.9
    beta2: float = 0.99
    weight_decay: float = 0.1  # of matrices and embeddings, not of LayerNorms and biases
    clip: float = 1.0


PUBLISHED_RECIPE = Recipe()
TRIED = [replace(PUBLISHED_RECIPE, learning_rate=rate) for rate in (1e-3, 2e-3, 4e-3, 8e-3)]
CHOSEN = replace(PUBLISHED_RECIPE, learning_rate=4e-3)  # the best of these on the last ninth of the training text


def read(path: str, device: str) -> tuple[Tensor, Tensor, int]:
    """The ids of the first 90 % and of the last 10 % of the characters, and how many different ones there are."""
    text = text_file(path)
    characters = sorted(set(text))
    number = {character: i for i, character in enumerate(characters)}
    ids = torch.tensor([number[character] for character in text], device=device)
    split = len(ids) * 9 // 10
    return ids[:split], ids[split:], len(characters)


def rate(recipe: Recipe, step: int) -> float:
    """The learning rate of step 0, 1, ...: a straight line up, then half a period of a cosine."""
    if step < recipe.warm_up:
        return recipe.learning_rate * (step + 1) / (recipe.warm_up + 1)
    progress = (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)
    return recipe.learning_rate * (0.1 + 0.9 * (1 + math.cos(math.pi * progress)) / 2)


def optimizer(model: nn.Module, recipe: Recipe) -> torch.optim.AdamW:
    """AdamW that shrinks matrices and leaves vectors (LayerNorm's, biases) alone."""
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    groups = [{"params": matrices, "weight_decay": recipe.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(recipe.beta1, recipe.beta2))


@torch.no_grad()
def loss_on(model: nn.Module, text: Tensor) -> float:
    """Nats a character over the whole text: consecutive windows, every character but the first predicted once."""
    T, count = model.cfg.block_size, len(text) - 1
    whole = count // T * T
    x, y = text[:whole].view(-1, T), text[1 : whole + 1].view(-1, T)  # (windows, T)
    parts = [*zip(x.split(256), y.split(256), strict=True), (text[None, whole:-1], text[None, whole + 1 :])]
    return sum(model(a, b)[1].item() * a.numel() for a, b in parts if a.numel()) / count


def run(recipe: Recipe, train: Tensor, held_out: Tensor, vocab_size: int, seed: int, every: int) -> dict[str, Any]:
    """Trains one GPT; every `every` steps the mean loss of the batches since, and an estimate on the held-out text."""
    torch.manual_seed(seed)  # the constructor of the GPT draws its weights from torch's own generator
    batches, looks = (torch.Generator().manual_seed(seed + offset) for offset in (1000, 2000))
    sizes = (recipe.block_size, recipe.n_layer, recipe.n_head, recipe.n_embd, recipe.dropout, recipe.bias)
    model = GPT(GPTConfig(vocab_size, *sizes)).to(train.device)
    adamw = optimizer(model, recipe)
    curve: dict[str, list[float]] = {"step": [], "train": [], "held_out": []}
    recent: list[Tensor] = []
    wall, cpu = time.perf_counter(), time.process_time()
    for step in range(recipe.steps):
        for group in adamw.param_groups:
            group["lr"] = rate(recipe, step)
        _, loss = model(*get_batch(train, recipe.batch_size, recipe.block_size, batches))
        adamw.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        adamw.step()
        recent.append(loss.detach())
        if (step + 1) % every == 0:
            estimate = estimate_loss(model, held_out, 20, recipe.batch_size, recipe.block_size, looks)
            curve["step"].append(step + 1)
            curve["train"].append(round(torch.stack(recent).mean().item(), 4))
            curve["held_out"].append(round(estimate, 4))
            recent.clear()
    seconds = time.perf_counter() - wall, time.process_time() - cpu
    model.eval()
    return {
        "seed": seed,
        "parameters": sum(p.numel() for p in model.parameters()),
        "loss": round(loss_on(model, held_out), 4),
        "wall_seconds": round(seconds[0], 1),
        "cpu_seconds": round(seconds[1], 1),
        "curve": curve,
    }


def tune(recipes: list[Recipe], train: Tensor, vocab_size: int, every: int) -> list[dict[str, Any]]:
    """The loss of each recipe on the last ninth of the training text, which it does not train on."""
    part = len(train) * 8 // 9
    tried = []
    for recipe in recipes:
        result = run(recipe, train[:part], train[part:], vocab_size, 0, every)
        changed = {k: v for k, v in asdict(recipe).items() if v != asdict(PUBLISHED_RECIPE)[k]}
        tried.append({"changed": changed, "loss": result["loss"]})
        print(f"{changed or 'as published'}: {result['loss']:.4f}, {result['cpu_seconds']:.0f} CPU s", flush=True)
    return tried


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", default=os.environ.get("COURSE_SHAKESPEARE"), help="path of tiny Shakespeare")
    parser.add_argument("--seeds", type=int, default=3, help="how many, from 0 on")
    parser.add_argument("--steps", type=int, default=CHOSEN.steps)
    parser.add_argument("--width", type=int, default=CHOSEN.n_embd, help="channels")
    parser.add_argument("--learning-rate", type=float, default=CHOSEN.learning_rate, help="the highest")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, ...")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--tune", action="store_true", help="compare recipes on a part of the training text")
    parser.add_argument("--record", nargs="?", const=RECORDED, type=Path, help=f"write JSON, to {RECORDED.name}")
    chosen = parser.parse_args()
    if not chosen.text:
        parser.error("the text: give --text, or set COURSE_SHAKESPEARE to the path of input.txt")
    own = {k: v for k, v in vars(chosen).items() if v != parser.get_default(k) and k not in {"text", "record", "tune"}}
    options = ["--tune"] * chosen.tune + [f"--{name.replace('_', '-')} {value}" for name, value in own.items()]
    chosen.command = " ".join(["COURSE_SHAKESPEARE=path/to/input.txt python benchmarks/gpt.py", *options, "--record"])
    return chosen


def main() -> int:
    chosen = arguments()
    torch.set_num_threads(chosen.threads)
    device = ("cuda" if torch.cuda.is_available() else "cpu") if chosen.device == "auto" else chosen.device
    train, validation, vocab_size = read(chosen.text, device)
    recipe = replace(CHOSEN, steps=chosen.steps, n_embd=chosen.width, learning_rate=chosen.learning_rate)
    every = max(1, recipe.steps // 20)
    machine = f"PyTorch {torch.__version__} on {device}" + (f", {chosen.threads} threads" if device == "cpu" else "")
    print(f"{len(train):,} characters to train on, {len(validation):,} to validate; {machine}", flush=True)

    if chosen.tune:
        recipes = [replace(tried, steps=chosen.steps, n_embd=chosen.width) for tried in TRIED]
        record(chosen.record, tried=tune(recipes, train, vocab_size, every), tried_command=chosen.command)
        return 0

    runs = []
    for seed in range(chosen.seeds):
        runs.append(run(recipe, train, validation, vocab_size, seed, every))
        print(
            "seed {seed}: {loss:.4f} nats, {wall_seconds:.0f} s, {cpu_seconds:.0f} CPU s".format(**runs[-1]), flush=True
        )
    mean = sum(result["loss"] for result in runs) / len(runs)
    record(
        chosen.record,
        command=chosen.command,
        recipe=asdict(recipe),
        machine=machine,
        characters={"train": len(train), "validation": len(validation), "different": vocab_size},
        published=PUBLISHED,
        mean=round(mean, 4),
        runs=runs,
    )
    print(f"validation loss, mean of {len(runs)} seeds: {mean:.4f} nats a character (published: {PUBLISHED})")
    return int(mean > PUBLISHED)


def record(file: Path | None, **parts: Any) -> None:
    """Put these parts into the file; what it holds beside them stays."""
    if file:
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        file.write_text(json.dumps(known | parts, indent=1, allow_nan=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
