"""Week 5, transformers: the reference solution. Signatures and docstrings are what students see."""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Where a token stands, and what it may see


def sinusoidal_positions(T: int, d: int) -> Tensor:
    """One vector of d numbers for each of the positions 0, 1, ..., T - 1, made of sines and cosines.

    Row t belongs to position t. The columns come in pairs, numbered i = 0, 1, 2, ...; each pair
    has one frequency:

        column 2i      sin(t / 10000^(2i / d))
        column 2i + 1  cos(t / 10000^(2i / d))

    d may be odd: then the last column is a sine without its cosine.

    Returns a new tensor of shape (T, d), of torch's default dtype.
    """
    position = torch.arange(T)[:, None]  # (T, 1)
    frequency = 10000.0 ** (-torch.arange(0, d, 2) / d)  # (ceil(d / 2),)
    angle = position * frequency  # (T, ceil(d / 2))
    positions = torch.empty(T, d)
    positions[:, 0::2] = torch.sin(angle)
    positions[:, 1::2] = torch.cos(angle)[:, : d // 2]
    return positions


def causal_mask(T: int) -> Tensor:
    """Which positions a position may look at: itself and the earlier ones.

    Rows are queries (who looks), columns are keys (who is looked at). An entry is True where
    attention is allowed.

    Returns a new bool tensor of shape (T, T).
    """
    return torch.tril(torch.ones(T, T, dtype=torch.bool))


# Attention


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Scaled dot-product attention: softmax(q k^T / sqrt(dk)) v, the softmax taken over the keys.

    q has shape (..., Tq, dk), k has shape (..., Tk, dk), v has shape (..., Tk, dv). The axes in
    front, any number of them, are the same in all three; Tq, Tk, dk and dv may all be different.

    mask is a bool tensor that broadcasts to the scores, which have shape (..., Tq, Tk). It is
    True where a query may look at a key. Where it is False the weight is exactly 0, and the other
    weights of that query sum to 1. A query that may look at nothing gets weights 0 and output 0;
    gradients stay finite there too. Without a mask everything may be looked at.

    Returns (out, weights): out of shape (..., Tq, dv), weights of shape (..., Tq, Tk), both of the
    dtype of the input. Scores may be as large as 10,000. The arguments are not changed.

    Raises ValueError if q and k differ in dk, if k and v differ in Tk, or if mask does not
    broadcast to the scores.
    """
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"queries have {q.shape[-1]} numbers, keys have {k.shape[-1]}")
    if k.shape[-2] != v.shape[-2]:
        raise ValueError(f"there are {k.shape[-2]} keys, but {v.shape[-2]} values")
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])  # (..., Tq, Tk)
    if mask is None:
        weights = torch.softmax(scores, dim=-1)
        return weights @ v, weights
    try:
        hidden = ~mask.expand(scores.shape)
    except RuntimeError:
        raise ValueError(f"a mask of shape {tuple(mask.shape)} does not broadcast to {tuple(scores.shape)}") from None
    # The lowest finite number instead of -inf: a row in which everything is hidden gives no NaN.
    scores = scores.masked_fill(hidden, torch.finfo(scores.dtype).min)
    weights = torch.softmax(scores, dim=-1).masked_fill(hidden, 0)
    return weights @ v, weights


def split_heads(x: Tensor, H: int) -> Tensor:
    """Deals the channels of each position out to H heads.

    x has shape (B, T, C). Head 0 gets the first C / H channels of each position, head 1 the next
    C / H, and so on.

    Returns a tensor of shape (B, H, T, C / H). x is not changed; the result may share its memory.

    Raises ValueError if C is not divisible by H.
    """
    B, T, C = x.shape
    if C % H:
        raise ValueError(f"{C} channels cannot be dealt out to {H} heads")
    return x.reshape(B, T, H, C // H).transpose(1, 2)


def merge_heads(x: Tensor) -> Tensor:
    """Puts the channels of all heads side by side again: undoes split_heads.

    x has shape (B, H, T, d).

    Returns a tensor of shape (B, T, H d): at each position first the d channels of head 0, then
    those of head 1, and so on. x is not changed; the result may share its memory.
    """
    B, H, T, d = x.shape
    return x.transpose(1, 2).reshape(B, T, H * d)


class CausalSelfAttention(nn.Module):
    """Masked self-attention with several heads, all computed at once.

    The constructor is given. It makes
    - qkv, a linear layer from C to 3C channels: of its output, the first C are the queries, the
      next C the keys, the last C the values. In each of the three, the first C / H channels
      belong to head 0, the next C / H to head 1, and so on;
    - proj, a linear layer from C to C;
    - dropout, an nn.Dropout; H, the number of heads.
    """

    def __init__(self, C: int, H: int, dropout: float = 0.0, bias: bool = True):  # given
        super().__init__()
        if C % H:
            raise ValueError(f"{C} channels cannot be dealt out to {H} heads")
        self.H = H
        self.qkv = nn.Linear(C, 3 * C, bias=bias)
        self.proj = nn.Linear(C, C, bias=bias)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Each position gathers from itself and the earlier ones.

        x has shape (B, T, C), for any T. In every head: causal attention, scaled by the square
        root of the head's C / H channels. The heads are put side by side, head 0 first, and go
        through proj. Dropout acts at two places, on the attention weights and on the result of
        proj, and only in training mode.

        Returns a new tensor of shape (B, T, C), of the dtype of x. x is not changed.
        """
        T = x.shape[1]
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))  # (B, H, T, C / H) each
        _, weights = attention(q, k, v, causal_mask(T).to(x.device))  # (B, H, T, T)
        heads = self.dropout(weights) @ v  # (B, H, T, C / H)
        return self.dropout(self.proj(merge_heads(heads)))


def mha_loop(x: Tensor, Wq: Tensor, Wk: Tensor, Wv: Tensor, Wo: Tensor) -> Tensor:
    """Causal self-attention with several heads, one head after the other.

    x has shape (B, T, C). Wq, Wk and Wv have shape (H, C, d): head h has the queries x @ Wq[h],
    the keys x @ Wk[h], the values x @ Wv[h]. Each head is causal attention scaled by sqrt(d).
    The outputs of the heads are put side by side along the channels, head 0 first, which gives
    (B, T, H d), and are multiplied by Wo of shape (H d, C). H d may differ from C. There are no
    biases and there is no dropout.

    Returns a new tensor of shape (B, T, C), of the dtype of x. The arguments are not changed.
    """
    T, d = x.shape[1], Wq.shape[-1]
    future = torch.triu(torch.ones(T, T, dtype=torch.bool, device=x.device), diagonal=1)
    heads = []
    for h in range(len(Wq)):
        q, k, v = x @ Wq[h], x @ Wk[h], x @ Wv[h]  # (B, T, d) each
        scores = q @ k.transpose(-2, -1) / math.sqrt(d)  # (B, T, T)
        weights = torch.softmax(scores.masked_fill(future, -math.inf), dim=-1)
        heads.append(weights @ v)
    return torch.cat(heads, dim=-1) @ Wo


# The other parts of a block


def layer_norm(x: Tensor, g: Tensor, b: Tensor, eps: float = 1e-5) -> Tensor:
    """Shifts and scales each vector to mean 0 and variance 1, then by g and b.

    The vectors lie along the last axis of x, which has shape (..., C) with any axes in front; g
    and b have shape (C,). For each vector alone, with its mean m and its biased variance s (the
    mean of the squared deviations, divided by C and not by C - 1):

        g * (x - m) / sqrt(s + eps) + b

    Returns a new tensor of the shape and dtype of x. The arguments are not changed.
    """
    mean = x.mean(dim=-1, keepdim=True)
    variance = ((x - mean) ** 2).mean(dim=-1, keepdim=True)
    return g * (x - mean) / torch.sqrt(variance + eps) + b


def gelu(x: Tensor, approximate: bool = False) -> Tensor:
    """The Gaussian error linear unit: x times the probability that a standard normal number is below x.

    With approximate=False, exactly: x / 2 * (1 + erf(x / sqrt(2))).
    With approximate=True, the formula with tanh, in which the erf is replaced by
    tanh(sqrt(2 / pi) * (x + 0.044715 x^3)).

    Returns a new tensor of the shape of x, which may be any, and of its dtype. x is not changed.
    """
    if approximate:
        return x / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x / 2 * (1 + torch.erf(x / math.sqrt(2)))


def feed_forward(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    """A network of one hidden layer that every position passes through alone.

    x has shape (B, T, C); W1 has shape (C, N), b1 (N,), W2 (N, C), b2 (C,), with N hidden units
    (often N = 4C). Each position becomes gelu(x W1 + b1) W2 + b2, with the exact gelu.

    Returns a new tensor of shape (B, T, C), of the dtype of x. The arguments are not changed.
    """
    hidden = x @ W1 + b1  # (B, T, N)
    hidden = hidden / 2 * (1 + torch.erf(hidden / math.sqrt(2)))
    return hidden @ W2 + b2


class Block(nn.Module):
    """One layer of a transformer, with the norms before attention and feed-forward (pre-norm).

    The constructor is given. It makes ln1 and ln2, two layer norms; attn, your
    CausalSelfAttention; mlp, the feed-forward network, which ends in dropout.
    """

    def __init__(self, C: int, H: int, dropout: float = 0.0, bias: bool = True):  # given
        super().__init__()
        self.ln1 = nn.LayerNorm(C, bias=bias)
        self.attn = CausalSelfAttention(C, H, dropout, bias)
        self.ln2 = nn.LayerNorm(C, bias=bias)
        self.mlp = nn.Sequential(
            nn.Linear(C, 4 * C, bias=bias),
            nn.GELU(),
            nn.Linear(4 * C, C, bias=bias),
            nn.Dropout(dropout),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Two steps: attention of the normalised x is added to x; then mlp of the normalised sum is added to the sum.

        The first step uses ln1 and attn, the second ln2 and mlp. x has shape (B, T, C).

        Returns a new tensor of shape (B, T, C), of the dtype of x. x is not changed.
        """
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(x))


# The model


class GPTConfig(NamedTuple):
    """The sizes of a GPT: vocabulary, longest context, blocks, heads, channels; and three choices."""

    vocab_size: int
    block_size: int
    n_layer: int
    n_head: int
    n_embd: int
    dropout: float = 0.0
    bias: bool = True
    tied: bool = True


class GPT(nn.Module):
    """A decoder-only transformer with learned positions.

    The constructor is given. It makes
    - wte, an embedding of the vocab_size tokens, and wpe, an embedding of the block_size
      positions 0, 1, 2, ..., both with n_embd channels;
    - blocks, a list of n_layer of your Blocks;
    - ln_f, the final layer norm;
    - head, a linear layer without bias from n_embd channels to vocab_size logits. If cfg.tied,
      its weight is the very weight of wte.
    It also draws the weights: normal with standard deviation 0.02, biases 0.
    """

    def __init__(self, cfg: GPTConfig):  # given
        super().__init__()
        self.cfg = cfg
        self.wte = nn.Embedding(cfg.vocab_size, cfg.n_embd)
        self.wpe = nn.Embedding(cfg.block_size, cfg.n_embd)
        self.blocks = nn.ModuleList([Block(cfg.n_embd, cfg.n_head, cfg.dropout, cfg.bias) for _ in range(cfg.n_layer)])
        self.ln_f = nn.LayerNorm(cfg.n_embd, bias=cfg.bias)
        self.head = nn.Linear(cfg.n_embd, cfg.vocab_size, bias=False)
        if cfg.tied:
            self.head.weight = self.wte.weight
        for module in self.modules():
            if isinstance(module, nn.Linear | nn.Embedding):
                nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)

    def forward(self, idx: Tensor, targets: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """The logits of the next token at every position, and the loss.

        idx is an int64 tensor of shape (B, T) with token ids, T at most cfg.block_size. The
        embedding of each token plus the embedding of its position (0 for the first column) goes
        through the blocks in their order, through ln_f and through head.

        targets has the shape of idx: targets[b, t] is the token that comes after idx[b, t].
        Whoever calls has shifted them already; forward does not.

        Returns (logits, loss). logits has shape (B, T, vocab_size), with targets and without.
        loss is the mean cross-entropy over all B T positions in nats, a tensor of shape (), or
        None without targets. idx and targets are not changed.

        Raises ValueError if T is larger than cfg.block_size.
        """
        T = idx.shape[1]
        if self.cfg.block_size < T:
            raise ValueError(f"a text of {T} tokens does not fit the context of {self.cfg.block_size}")
        x = self.wte(idx) + self.wpe(torch.arange(T, device=idx.device))  # (B, T, C)
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.ln_f(x))  # (B, T, V)
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.flatten(0, 1), targets.flatten())


# Data and loss


def get_batch(data: Tensor, B: int, T: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """B random windows of T tokens, and for each of their tokens the one that comes next.

    data is one long text: an int64 tensor of token ids, of shape (n,). Each of the B windows
    starts at a place of its own, drawn independently of the others, every place from 0 to
    n - T - 1 being equally likely (so that the last window ends just before the last token).

    Returns (x, y), two int64 tensors of shape (B, T): if row b of x is the T tokens from place s
    on, row b of y is the T tokens from place s + 1 on.

    All random numbers come from rng: a generator in the same state gives the same batch. data is
    not changed.

    Raises ValueError if data has fewer than T + 1 tokens.
    """
    if len(data) < T + 1:
        raise ValueError(f"a window of {T} tokens and the next one need {T + 1} tokens, got {len(data)}")
    start = torch.randint(len(data) - T, (B,), generator=rng)
    places = start[:, None] + torch.arange(T)  # (B, T)
    return data[places], data[places + 1]


def estimate_loss(model: nn.Module, data: Tensor, iters: int, B: int, T: int, rng: torch.Generator) -> float:
    """The loss of a model on data that it need not have seen, estimated on random batches.

    model(x, y) returns (logits, loss), as GPT does. Draws `iters` batches of B windows of T
    tokens, as get_batch does with the generator rng, and computes the loss of each once, with the
    model in evaluation mode and without recording gradients. iters is at least 1.

    Returns the mean of the losses, a float. Afterwards the model is in the mode in which it was
    before, training or evaluation, its weights and their grad are as they were, and gradients can
    be recorded again. data is not changed.
    """
    was_training = model.training
    model.eval()
    with torch.no_grad():
        losses = [model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)]
    model.train(was_training)
    return sum(losses) / len(losses)


# Counting


def count_parameters(V: int, T: int, C: int, H: int, L: int, tied: bool = True, bias: bool = True) -> int:
    """The number of trainable parameters of a GPT, without building it.

    V is the size of the vocabulary, T the longest context (block_size), C the number of channels,
    H the number of heads, L the number of blocks. tied and bias mean what they mean in GPTConfig:
    a tied head has no weight of its own; without bias, linear layers and layer norms have none.

    Returns an int: the sum of numel() over the parameters of GPT(cfg).
    """
    linear = 3 * C * C + C * C + 4 * C * C + 4 * C * C  # qkv, proj, up, down
    linear_biases = 3 * C + C + 4 * C + C if bias else 0
    norm = 2 * C if bias else C
    block = linear + linear_biases + 2 * norm
    head = 0 if tied else V * C
    return V * C + T * C + L * block + norm + head


def flops_per_token(V: int, T: int, C: int, H: int, L: int) -> int:
    """Floating-point operations of one training step, forward and backward, for each token.

    The letters are those of count_parameters, and N is its result for a tied model with biases.
    Each parameter of a matrix costs 6 operations a token: a multiplication and an addition
    forward, and twice as much backward. The position embedding is looked up and not multiplied.
    Attention adds 12 L C T for the products of queries with keys and of weights with values:

        6 (N - T C) + 12 L C T

    Returns an int.
    """
    N = count_parameters(V, T, C, H, L)
    return 6 * (N - T * C) + 12 * L * C * T


# Texts of different lengths, and a second text


def padding_mask(lengths: Tensor, T: int) -> Tensor:
    """Which places of a padded batch hold a real token.

    lengths is an int64 tensor of shape (B,): text b has lengths[b] tokens at the places 0, 1, ...,
    and padding behind them, up to T places.

    Returns a new bool tensor of shape (B, T), True where there is a real token. lengths is not
    changed.

    Raises ValueError if a length is not one of 0, 1, ..., T.
    """
    if ((lengths < 0) | (lengths > T)).any():
        raise ValueError(f"lengths must lie between 0 and {T}, got {lengths.tolist()}")
    return torch.arange(T, device=lengths.device) < lengths[:, None]


def cross_attention(
    x: Tensor,
    mem: Tensor,
    Wq: Tensor,
    Wk: Tensor,
    Wv: Tensor,
    Wo: Tensor,
    mem_mask: Tensor | None = None,
) -> Tensor:
    """Attention with several heads in which the positions of one text look at those of another, the memory.

    x has shape (B, T, C), mem has shape (B, Tm, C). Wq, Wk and Wv have shape (H, C, d) and Wo has
    shape (H d, C), as in mha_loop: head h has the queries x @ Wq[h], the keys mem @ Wk[h] and the
    values mem @ Wv[h], and is scaled by sqrt(d). Every position of x may look at the whole memory:
    it is not causal.

    mem_mask is a bool tensor of shape (B, Tm), True where the memory has a real token; the others
    are not looked at. Each row has at least one True. Without it, all of mem is real.

    Returns a new tensor of shape (B, T, C), of the dtype of x. The arguments are not changed.
    """
    H, d = Wq.shape[0], Wq.shape[-1]
    heads = []
    for h in range(H):
        q, k, v = x @ Wq[h], mem @ Wk[h], mem @ Wv[h]  # (B, T, d), (B, Tm, d), (B, Tm, d)
        scores = q @ k.transpose(-2, -1) / math.sqrt(d)  # (B, T, Tm)
        if mem_mask is not None:
            scores = scores.masked_fill(~mem_mask[:, None, :], -math.inf)
        heads.append(torch.softmax(scores, dim=-1) @ v)
    return torch.cat(heads, dim=-1) @ Wo
