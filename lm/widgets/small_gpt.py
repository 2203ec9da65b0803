"""The small GPT that the widgets show when they are given no other: `python -m lm.widgets.small_gpt` trains it anew."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "small_gpt.json"
BLOCK, LAYERS, HEADS, CHANNELS = 48, 2, 4, 32
STEPS = 4000


def recorded() -> dict[str, Any]:
    """`weights` as `lm.widgets.weights.pack` makes them, `heads`, `characters`, and how they were recorded."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def record() -> None:
    """Train on the course's pastiche, which takes some minutes, and write the file."""
    import torch

    from lm.corpora import pastiche
    from lm.gpt import SmallGPT, export_weights, train
    from lm.widgets.weights import pack

    torch.manual_seed(0)
    text = pastiche()
    characters = "".join(sorted(set(text)))
    ids = torch.tensor([characters.index(character) for character in text])
    model = SmallGPT(len(characters), BLOCK, LAYERS, HEADS, CHANNELS)
    generator = torch.Generator().manual_seed(0)
    history = train(model, ids, steps=STEPS, batch_size=24, learning_rate=4e-3, generator=generator, every=500)
    weights = {name: array for name, array in export_weights(model).items() if name != "heads"}
    found = {
        "command": "python -m lm.widgets.small_gpt",
        "corpus": "lm.corpora.pastiche()",
        "training_nats_a_character": round(history.train[-1], 2),
        "characters": characters,
        "heads": HEADS,
        "weights": pack(weights, bits=8),
    }
    FILE.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
