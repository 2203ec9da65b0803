"""A small GPT out of PyTorch's own parts, its training, and what one asks a trained one.

    model = SmallGPT(vocab_size=65, block_size=64)
    history = train(model, ids, steps=600, batch_size=16, learning_rate=2e-3, generator=generator, validation=other)
    continue_ids(model, ids[:10], 200, generator)

Texts are one-dimensional tensors of token ids. What a token is, the caller decides.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

Array = NDArray[np.float32]


class SmallGPT(nn.Module):
    """A decoder-only transformer: learned positions, pre-norm blocks, GELU, output weights shared with the embedding.

    Weights are drawn as in GPT-2 (Radford et al., 2019): normal with standard deviation 0.02, divided by the square
    root of the number of residual branches where a branch ends. With `causal=False` every position sees all others,
    later ones too, which is wrong for a language model and shown for that reason.
    """

    def __init__(
        self,
        vocab_size: int,
        block_size: int,
        n_layer: int = 2,
        n_head: int = 4,
        n_embd: int = 64,
        dropout: float = 0.0,
        *,
        causal: bool = True,
    ) -> None:
        super().__init__()
        self.block_size, self.causal = block_size, causal
        self.token = nn.Embedding(vocab_size, n_embd)
        self.position = nn.Embedding(block_size, n_embd)
        self.dropout = nn.Dropout(dropout)
        layer = nn.TransformerEncoderLayer(
            n_embd, n_head, 4 * n_embd, dropout, activation="gelu", batch_first=True, norm_first=True
        )
        self.blocks = nn.TransformerEncoder(layer, n_layer, nn.LayerNorm(n_embd), enable_nested_tensor=False)
        self._draw_weights()

    def _draw_weights(self) -> None:
        branches = 2 * self.blocks.num_layers
        for name, weights in self.named_parameters():
            if weights.dim() == 1:
                nn.init.constant_(weights, 1.0 if "norm" in name and name.endswith("weight") else 0.0)
            else:
                ends_a_branch = name.endswith(("out_proj.weight", "linear2.weight"))
                nn.init.normal_(weights, std=0.02 / math.sqrt(branches) if ends_a_branch else 0.02)

    def forward(self, ids: Tensor) -> Tensor:
        """The logits of the next token at every position: (B, T) ids in, (B, T, V) out; T is at most block_size."""
        length = ids.shape[1]
        if length > self.block_size:
            raise ValueError(f"this model reads at most {self.block_size} tokens at once, got {length}")
        x = self.embed(ids)  # (B, T, C)
        x = self.blocks(x, mask=self.mask(length), is_causal=self.causal)  # (B, T, C)
        return x @ self.token.weight.T  # (B, T, V)

    def embed(self, ids: Tensor) -> Tensor:
        """The sum of what each token is and where it stands: (B, T) ids in, (B, T, C) out."""
        return self.dropout(self.token(ids) + self.position.weight[: ids.shape[1]])

    def mask(self, length: int) -> Tensor | None:
        """What is added to the scores: -inf where a position must not look; None if it may look everywhere."""
        if not self.causal:
            return None
        return nn.Transformer.generate_square_subsequent_mask(length, device=self.device)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.token.weight.device


# --- training --------------------------------------------------------------------------------------------------


@dataclass
class History:
    """What was measured while a model was trained: `train[i]` and `validation[i]`, in nats a token, after `steps[i]`.

    Both are means over at most 100 windows spread over the text. `validation` is empty where no text was given.
    """

    steps: list[int] = field(default_factory=list)
    train: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)


def train(
    model: SmallGPT,
    ids: Tensor,
    *,
    steps: int,
    batch_size: int,
    learning_rate: float,
    generator: torch.Generator,
    validation: Tensor | None = None,
    every: int = 100,
    on_step: Callable[[int, float], None] | None = None,
    warmup: int | None = None,
    weight_decay: float = 0.1,
    clip: float = 1.0,
) -> History:
    """Train on random windows of `ids` with AdamW; return the losses measured before the first step and every so often.

    The learning rate rises from 0 over `warmup` steps (by default a tenth of all, at most 100) and falls on a cosine
    to a tenth. Gradients longer than `clip` are shortened to it. `on_step(step, loss)` is called after each step with
    the loss of its batch; step counts from 1. Same model, generator state and number of threads: same result.
    """
    if len(ids) <= model.block_size:
        raise ValueError(f"a window needs {model.block_size + 1} tokens, the text has {len(ids)}")
    warmup = min(100, steps // 10) if warmup is None else warmup
    optimiser = torch.optim.AdamW(_groups(model, weight_decay), lr=learning_rate, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: rate(step, warmup, steps))
    windows = ids.to(model.device).unfold(0, model.block_size + 1, 1)  # (places, T + 1), no copy
    history = History()
    _measure(history, 0, model, ids, validation)
    model.train()
    for step in range(1, steps + 1):
        places = torch.randint(len(windows), (batch_size,), generator=generator)
        loss = _next_token_loss(model, windows[places.to(model.device)], "mean")
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimiser.step()
        schedule.step()
        if on_step is not None:
            on_step(step, loss.item())
        if step % every == 0 or step == steps:
            _measure(history, step, model, ids, validation)
    return history


def rate(step: int, warmup: int, steps: int, floor: float = 0.1) -> float:
    """The factor of the learning rate before step `step` (from 0): up in a line over `warmup`, then down a cosine.

    >>> [round(rate(step, warmup=2, steps=6), 3) for step in range(7)]
    [0.333, 0.667, 1.0, 0.868, 0.55, 0.232, 0.1]
    """
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = min(1.0, (step - warmup) / max(1, steps - warmup))
    return floor + (1 - floor) * (1 + math.cos(math.pi * done)) / 2


def _groups(model: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Matrices are pulled towards 0, biases and the factors of LayerNorm are not."""
    weights = list(model.parameters())
    return [
        {"params": [w for w in weights if w.dim() > 1], "weight_decay": weight_decay},
        {"params": [w for w in weights if w.dim() == 1], "weight_decay": 0.0},
    ]


def _next_token_loss(model: SmallGPT, windows: Tensor, reduction: str) -> Tensor:
    """Cross-entropy of windows (B, T + 1): each position is asked for the token after it."""
    logits = model(windows[:, :-1])  # (B, T, V)
    return F.cross_entropy(logits.transpose(1, 2), windows[:, 1:], reduction=reduction)


def _measure(history: History, step: int, model: SmallGPT, ids: Tensor, validation: Tensor | None) -> None:
    history.steps.append(step)
    history.train.append(nats_per_token(model, ids, at_most=100))
    if validation is not None:
        history.validation.append(nats_per_token(model, validation, at_most=100))


# --- what one asks a trained model -----------------------------------------------------------------------------


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Inside, the model is in evaluation mode and no gradient is recorded; afterwards its mode is as before."""
    before = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(before)


def nats_per_token(model: SmallGPT, ids: Tensor, *, at_most: int | None = None) -> float:
    """The mean negative log-likelihood of a text in nats a token.

    The text is cut into windows that meet without overlap, so each token but the first is predicted once; those at
    the beginning of a window have little before them to go by. `at_most` is a number of windows, spread evenly over
    the text, for a quick estimate. Raises ValueError if the text has fewer than two tokens.
    """
    if len(ids) < 2:
        raise ValueError(f"a loss needs at least two tokens, got {len(ids)}")
    starts = torch.arange(0, len(ids) - 1, model.block_size)
    if at_most is not None and len(starts) > at_most:
        starts = starts[torch.linspace(0, len(starts) - 1, at_most).long()]
    ids, total, count = ids.to(model.device), 0.0, 0
    pieces = [ids[start : start + model.block_size + 1] for start in starts.tolist()]
    whole = [piece for piece in pieces if len(piece) == model.block_size + 1]
    batches = [torch.stack(whole[i : i + 64]) for i in range(0, len(whole), 64)]
    batches += [piece[None] for piece in pieces if len(piece) <= model.block_size]  # the last one may be shorter
    with evaluating(model):
        for batch in batches:
            total += _next_token_loss(model, batch, "sum").item()
            count += batch[:, 1:].numel()
    return total / count


def continue_ids(
    model: SmallGPT, ids: Sequence[int] | Tensor, count: int, generator: torch.Generator, temperature: float = 1.0
) -> list[int]:
    """`count` more tokens, each drawn from what the model says after all before it; `ids` must not be empty.

    The model sees the last block_size tokens. Temperature 0 takes the most probable token.
    """
    text = torch.as_tensor(ids).tolist()
    if not text:
        raise ValueError("there must be at least one token to continue")
    if temperature < 0:
        raise ValueError(f"a temperature is 0 or more, got {temperature}")
    given = len(text)
    with evaluating(model):
        for _ in range(count):
            context = torch.tensor([text[-model.block_size :]], device=model.device)
            logits = model(context)[0, -1].cpu()  # (V,)
            if temperature == 0:
                text.append(int(logits.argmax()))
            else:
                probabilities = torch.softmax(logits / temperature, dim=0)
                text.append(int(torch.multinomial(probabilities, 1, generator=generator)))
    return text[given:]


def attention_weights(model: SmallGPT, ids: Sequence[int] | Tensor) -> Array:
    """Which position looks where, for one text of T tokens: (layers, heads, T, T), rows are queries and sum to 1."""
    x, found = torch.as_tensor(ids, device=model.device)[None], []
    with evaluating(model):
        x, mask = model.embed(x), model.mask(x.shape[1])
        for layer in model.blocks.layers:
            h = layer.norm1(x)
            _, weights = layer.self_attn(h, h, h, attn_mask=mask, average_attn_weights=False)  # (1, heads, T, T)
            found.append(weights[0])
            x = layer(x, src_mask=mask)
    return torch.stack(found).cpu().numpy()


def export_weights(model: SmallGPT) -> dict[str, Array]:
    """All weights as arrays under short names, those of the layers stacked: what a forward pass elsewhere needs.

    With V tokens, T positions, C channels, L layers: token (V, C), also the output weights; position (T, C);
    norm1, norm2 (L, 2, C), factor then shift; qkv (L, 3C, C) and qkv_bias (L, 3C); out (L, C, C) and out_bias (L, C);
    up (L, 4C, C) and up_bias (L, 4C); down (L, C, 4C) and down_bias (L, C); norm (2, C); heads (), a number.
    Matrices are as in torch: y = x W^T + b. Heads take their channels in order, C / heads each.
    """
    layers, norm = list(model.blocks.layers), model.get_submodule("blocks.norm")
    found: dict[str, Tensor] = {
        "token": model.token.weight,
        "position": model.position.weight,
        "norm": torch.stack(list(norm.parameters())),
        "norm1": torch.stack([torch.stack([layer.norm1.weight, layer.norm1.bias]) for layer in layers]),
        "norm2": torch.stack([torch.stack([layer.norm2.weight, layer.norm2.bias]) for layer in layers]),
        "qkv": torch.stack([layer.self_attn.in_proj_weight for layer in layers]),
        "qkv_bias": torch.stack([layer.self_attn.in_proj_bias for layer in layers]),
    }
    for name, part in (("out", "self_attn.out_proj"), ("up", "linear1"), ("down", "linear2")):
        linear = [layer.get_submodule(part) for layer in layers]
        found[name] = torch.stack([one.weight for one in linear])
        found[f"{name}_bias"] = torch.stack([one.bias for one in linear])
    arrays = {name: weights.detach().cpu().numpy().astype(np.float32) for name, weights in found.items()}
    return arrays | {"heads": np.array(layers[0].self_attn.num_heads, dtype=np.float32)}
