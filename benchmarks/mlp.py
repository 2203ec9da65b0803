"""How well an MLP predicts the next character of names.txt: the reference of the fourth chapter, and a better one.

    COURSE_NAMES_TXT=path/to/names.txt python benchmarks/mlp.py
    python benchmarks/mlp.py --names path/to/names.txt --seeds 1 --designs reference
    python benchmarks/mlp.py --names path/to/names.txt --record        # writes what the page shows

Each design is trained from several seeds on the split of the course, two runs at a time with one thread each, and its
loss on the development names is printed after every pass, in nats a character, the end mark included. The limits that
the course promises are checked at the end: exit status 1 if a seed misses its own. The settings were chosen on the
development names; the test names are looked at once, when a run has ended.

reference   3 characters of context, 10 numbers a character, 200 tanh units
better      8 characters of context, 24 numbers a character, 400 tanh units behind BatchNorm, dropout before the output
"""

import argparse
import json
import os
import platform
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from lm.corpora import course_split, names

RECORDED = Path(__file__).parents[1] / "lm" / "data" / "mlp_on_names.json"
COMMAND = "COURSE_NAMES_TXT=path/to/names.txt python benchmarks/mlp.py --record"
V = 27  # the dot and 26 letters


@dataclass(frozen=True)
class Design:
    """One architecture and how it is trained; `limit` is the development loss that it must reach."""

    context: int
    embedding: int
    hidden: int
    normalise: bool
    dropout: float  # the probability to drop
    passes: int
    batch: int
    step_size: float  # the highest; it warms up and decays to nearly 0
    weight_decay: float
    limit: float


DESIGNS = {
    "reference": Design(3, 10, 200, False, 0.0, 25, 256, 3e-3, 0.01, limit=2.12),
    "better": Design(8, 24, 400, True, 0.2, 25, 256, 3e-3, 0.01, limit=2.05),
}


def build(design: Design) -> nn.Sequential:
    """The untrained network: ids (N, context) -> logits (N, 27)."""
    inputs = design.context * design.embedding
    layers: list[nn.Module] = [nn.Embedding(V, design.embedding), nn.Flatten()]
    layers += [nn.Linear(inputs, design.hidden, bias=not design.normalise)]
    layers += [nn.BatchNorm1d(design.hidden)] if design.normalise else []
    layers += [nn.Tanh(), nn.Dropout(design.dropout), nn.Linear(design.hidden, V)]
    with torch.no_grad():
        layers[-1].weight.mul_(0.1)  # so that the loss starts at about ln 27
        layers[-1].bias.zero_()
    return nn.Sequential(*layers)


def examples(words: list[str], context: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Contexts (N, context) and the characters that follow (N,), the dot is 0."""
    marked = [[0] * context + [ord(c) - ord("a") + 1 for c in word] + [0] for word in words]
    views = [np.lib.stride_tricks.sliding_window_view(row, context + 1) for row in marked]
    table = torch.from_numpy(np.concatenate(views))
    return table[:, :-1], table[:, -1]


@torch.no_grad()
def loss_on(model: nn.Module, X: torch.Tensor, Y: torch.Tensor) -> float:
    """Mean over all examples, in evaluation mode; the mode is restored."""
    mode = model.training
    model.eval()
    parts = zip(X.split(8192), Y.split(8192), strict=True)
    total = sum(F.cross_entropy(model(x), y, reduction="sum").item() for x, y in parts)
    model.train(mode)
    return total / len(Y)


def run(name: str, seed: int, path: str) -> dict[str, Any]:
    """Train one design from one seed."""
    torch.set_num_threads(1)
    design = DESIGNS[name]
    (X, Y), dev, test = (examples(part, design.context) for part in course_split(names(path)))
    torch.manual_seed(seed)
    model = build(design)
    optimiser = torch.optim.AdamW(model.parameters(), design.step_size, (0.9, 0.99), weight_decay=design.weight_decay)
    steps = len(Y) // design.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, design.step_size, total_steps=design.passes * steps, pct_start=0.1
    )
    some = torch.randperm(len(Y))[: len(dev[1])]  # as many training examples as there are development examples
    curves: dict[str, list[float]] = {"train": [], "dev": []}
    started = time.process_time()
    for _ in range(design.passes):
        for picked in torch.randperm(len(Y))[: steps * design.batch].view(steps, design.batch):
            loss = F.cross_entropy(model(X[picked]), Y[picked])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        curves["train"].append(round(loss_on(model, X[some], Y[some]), 4))
        curves["dev"].append(round(loss_on(model, *dev), 4))
    seconds = time.process_time() - started
    ends = {"final_train": loss_on(model, X, Y), "final_dev": loss_on(model, *dev), "final_test": loss_on(model, *test)}
    return {"seed": seed, "cpu_seconds": round(seconds, 1)} | {k: round(v, 4) for k, v in ends.items()} | curves


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", default=os.environ.get("COURSE_NAMES_TXT"), help="path of names.txt")
    parser.add_argument("--designs", nargs="+", choices=DESIGNS, default=list(DESIGNS))
    parser.add_argument("--seeds", type=int, default=3, help="how many, from 0 on")
    parser.add_argument("--record", action="store_true", help=f"write the result to {RECORDED.name}")
    wanted = parser.parse_args()
    if not wanted.names:
        parser.error("give the path of names.txt with --names or in the environment variable COURSE_NAMES_TXT")

    started = time.monotonic()
    result: dict[str, Any] = {}
    with ProcessPoolExecutor(2) as pool:
        jobs = {
            name: [pool.submit(run, name, seed, wanted.names) for seed in range(wanted.seeds)]
            for name in sorted(wanted.designs)  # "better" first: the long runs begin at once
        }
        for name, runs in jobs.items():
            design = DESIGNS[name]
            parameters = sum(p.numel() for p in build(design).parameters())
            result[name] = {"design": asdict(design), "parameters": parameters, "runs": [job.result() for job in runs]}
    missed = 0
    for name, found in result.items():
        print(f"\n{name}: {found['parameters']:,} parameters, limit {found['design']['limit']}")
        for one in found["runs"]:
            print(f"seed {one['seed']}: dev after each pass", *(f"{loss:.3f}" for loss in one["dev"]))
            print(
                f"        train {one['final_train']:.4f}  dev {one['final_dev']:.4f}  test {one['final_test']:.4f}  "
                f"{one['cpu_seconds']:.0f} CPU seconds"
            )
            missed += one["final_dev"] > found["design"]["limit"]
    wall = time.monotonic() - started
    cpu = sum(one["cpu_seconds"] for found in result.values() for one in found["runs"])
    print(f"\nall runs: {cpu:.0f} CPU seconds in training, {wall:.0f} seconds by the clock, two runs at a time")
    if wanted.record:
        about = {"command": COMMAND, "torch": torch.__version__, "python": platform.python_version()}
        about |= {"cpu_seconds": round(cpu), "wall_seconds": round(wall)}
        RECORDED.write_text(json.dumps(about | {"designs": result}) + "\n", encoding="utf-8")
        print(f"written to {RECORDED}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
