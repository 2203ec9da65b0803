"""Right solutions of week 5 written differently: each must get full marks. Spliced by the grader, never imported."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from reference import Block, attention, causal_mask, count_parameters, gelu, get_batch
from torch import nn
from torch.nn import functional as F

from autograder.variants import alternative

# 5.1


@alternative("sinusoidal_positions")
def by_exponentials(T, d):
    table = torch.zeros(T, d)
    position = torch.arange(0, T, dtype=torch.float).unsqueeze(1)
    div_term = torch.exp(torch.arange(0, d, 2).float() * (-math.log(10000.0) / d))
    table[:, 0::2] = torch.sin(position * div_term)
    table[:, 1::2] = torch.cos(position * div_term[: d // 2])
    return table


@alternative("sinusoidal_positions")
def number_by_number(T, d):
    rows = []
    for t in range(T):
        row = []
        for column in range(d):
            angle = t / 10000 ** (2 * (column // 2) / d)
            row.append(math.cos(angle) if column % 2 else math.sin(angle))
        rows.append(row)
    return torch.tensor(rows)


@alternative("sinusoidal_positions")
def by_numpy(T, d):
    angle = np.arange(T)[:, None] / np.power(10000, 2 * (np.arange(d) // 2) / d)
    return torch.tensor(np.where(np.arange(d) % 2 == 0, np.sin(angle), np.cos(angle)), dtype=torch.get_default_dtype())


# 5.2


@alternative("causal_mask")
def by_comparison(T):
    return torch.arange(T)[:, None] >= torch.arange(T)


@alternative("causal_mask")
def not_the_upper_triangle(T):
    return torch.triu(torch.ones((T, T)), diagonal=1) == 0


# 5.3


@alternative("attention")
def by_einsum(q, k, v, mask=None):
    if q.size(-1) != k.size(-1) or k.size(-2) != v.size(-2):
        raise ValueError(f"shapes {q.shape}, {k.shape}, {v.shape}")
    scores = torch.einsum("...qd,...kd->...qk", q, k) * q.size(-1) ** -0.5
    if mask is not None:
        try:
            mask = torch.broadcast_to(mask, scores.shape)
        except RuntimeError as error:
            raise ValueError("mask") from error
        scores = torch.where(mask, scores, torch.tensor(-1e9, dtype=scores.dtype))
    e = torch.exp(scores - scores.max(dim=-1, keepdim=True).values)
    if mask is not None:
        e = e * mask
    w = e / e.sum(dim=-1, keepdim=True).clamp(min=1e-20)
    return torch.einsum("...qk,...kv->...qv", w, v), w


@alternative("attention")
def minus_infinity_and_repair(q, k, v, mask=None):
    """Minus infinity, and NaN repaired: masked_fill stops the gradient of what is hidden."""
    d_k = q.shape[-1]
    if k.shape[-1] != d_k:
        raise ValueError("q and k")
    if v.shape[-2] != k.shape[-2]:
        raise ValueError("k and v")
    scores = torch.matmul(q, k.mT) / d_k**0.5
    if mask is not None:
        try:
            torch.broadcast_shapes(mask.shape, scores.shape)
        except RuntimeError:
            raise ValueError("mask and scores") from None
        scores = scores.masked_fill(torch.logical_not(mask), float("-inf"))
    w = F.softmax(scores, dim=-1)
    if mask is not None:
        w = w.masked_fill(torch.isnan(w), 0.0)
    return torch.matmul(w, v), w


@alternative("attention")
def rows_with_nothing_opened(q, k, v, mask=None):
    """A row that may see nothing is opened for the softmax, and closed behind it."""
    if q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2]:
        raise ValueError("shapes")
    scores = (q / math.sqrt(k.shape[-1])) @ k.transpose(-1, -2)
    if mask is None:
        w = scores.log_softmax(-1).exp()
        return w @ v, w
    try:
        mask = mask & torch.ones_like(scores, dtype=torch.bool)
    except RuntimeError as error:
        raise ValueError("mask") from error
    sees_something = mask.any(dim=-1, keepdim=True)
    allowed = mask | ~sees_something
    w = scores.masked_fill(~allowed, -torch.inf).softmax(dim=-1) * sees_something
    return w @ v, w


# 5.4


@alternative("split_heads", "merge_heads")
class ByPermutation:
    def split_heads(x, H):
        B, T, C = x.size()
        if C % H != 0:
            raise ValueError(f"{C} channels, {H} heads")
        return x.reshape(B, T, H, C // H).permute(0, 2, 1, 3).contiguous()

    def merge_heads(x):
        B, H, T, d = x.size()
        return x.permute(0, 2, 1, 3).contiguous().view(B, T, H * d)


@alternative("split_heads", "merge_heads")
class ByStacking:
    def split_heads(x, H):
        if x.shape[-1] % H:
            raise ValueError("H")
        return torch.stack(x.split(x.shape[-1] // H, dim=-1), dim=1)

    def merge_heads(x):
        return torch.cat(x.unbind(dim=1), dim=-1)


# 5.5


@alternative("CausalSelfAttention")
class WithABuffer(nn.Module):
    """As many GPTs have it: a mask of the longest text as a buffer, two dropouts, nothing called from before."""

    def __init__(self, C, H, dropout=0.0, bias=True):
        super().__init__()
        if C % H != 0:
            raise ValueError("C must be divisible by H")
        self.qkv = nn.Linear(C, 3 * C, bias=bias)
        self.proj = nn.Linear(C, C, bias=bias)
        self.attn_dropout = nn.Dropout(dropout)
        self.resid_dropout = nn.Dropout(dropout)
        self.n_head, self.n_embd = H, C
        self.register_buffer("mask", torch.tril(torch.ones(256, 256)).view(1, 1, 256, 256))

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.qkv(x).split(self.n_embd, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.mask[:, :, :T, :T] == 0, float("-inf"))
        att = self.attn_dropout(F.softmax(att, dim=-1))
        y = (att @ v).transpose(1, 2).contiguous().view(B, T, C)
        return self.resid_dropout(self.proj(y))


@alternative("CausalSelfAttention")
class HeadByHeadInALoop(nn.Module):
    def __init__(self, C, H, dropout=0.0, bias=True):
        super().__init__()
        if C % H:
            raise ValueError("C and H")
        self.H, self.p = H, dropout
        self.qkv = nn.Linear(C, 3 * C, bias=bias)
        self.proj = nn.Linear(C, C, bias=bias)

    def forward(self, x):
        C, d = x.shape[-1], x.shape[-1] // self.H
        both = self.qkv(x)
        heads = []
        for start in range(0, C, d):
            q, k, v = (both[..., i * C + start : i * C + start + d] for i in range(3))
            w = attention(q, k, v, causal_mask(x.shape[1]))[1]
            heads.append(F.dropout(w, self.p, self.training) @ v)
        return F.dropout(self.proj(torch.cat(heads, -1)), p=self.p, training=self.training)


@alternative("CausalSelfAttention")
class ByOneUnflatten(nn.Module):
    """Dropout is drawn by hand."""

    def __init__(self, C, H, dropout=0.0, bias=True):
        super().__init__()
        if C % H:
            raise ValueError("C and H")
        self.H, self.p = H, dropout
        self.qkv, self.proj = nn.Linear(C, 3 * C, bias), nn.Linear(C, C, bias)

    def drop(self, x):
        if not self.training or self.p == 0:
            return x
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)

    def forward(self, x):
        q, k, v = self.qkv(x).unflatten(-1, (3, self.H, -1)).permute(2, 0, 3, 1, 4)
        T = x.shape[1]
        bias = torch.zeros(T, T, dtype=x.dtype).masked_fill(torch.ones(T, T).triu(1).bool(), -torch.inf)
        w = torch.softmax(q @ k.mT / k.shape[-1] ** 0.5 + bias, dim=-1)
        return self.drop(self.proj((self.drop(w) @ v).transpose(1, 2).flatten(2)))


# 5.6


@alternative("mha_loop")
def without_a_loop(x, Wq, Wk, Wv, Wo):
    q, k, v = (torch.einsum("btc,hcd->bhtd", x, W) for W in (Wq, Wk, Wv))
    out, _ = attention(q, k, v, causal_mask(x.shape[1]))
    return out.transpose(1, 2).flatten(2) @ Wo


@alternative("mha_loop")
def wo_row_by_row(x, Wq, Wk, Wv, Wo):
    """Each head has its own rows of Wo, so the products may be added up."""
    B, T, C = x.shape
    H, _, d = Wq.shape
    y = torch.zeros(B, T, C, dtype=x.dtype)
    for h in range(H):
        for t in range(T):
            q = x[:, t] @ Wq[h]
            k, v = x[:, : t + 1] @ Wk[h], x[:, : t + 1] @ Wv[h]
            w = torch.softmax((k @ q[:, :, None])[..., 0] / d**0.5, dim=-1)
            y[:, t] += (w[:, None] @ v)[:, 0] @ Wo[h * d : (h + 1) * d]
    return y


# 5.7


@alternative("layer_norm")
def by_torch_var(x, g, b, eps=1e-5):
    var, mean = torch.var_mean(x, dim=-1, keepdim=True, correction=0)
    return (x - mean) * torch.rsqrt(var + eps) * g + b


@alternative("layer_norm")
def by_unbiased_std(x, g, b, eps=1e-5):
    C = x.shape[-1]
    mean = torch.sum(x, -1, True) / C
    var = torch.square(x - mean).sum(-1).unsqueeze(-1) / C
    return torch.addcmul(b, (x - mean) / (var + eps) ** 0.5, g)


# 5.8


@alternative("gelu")
def by_the_normal_distribution(x, approximate=False):
    if approximate:
        return x * torch.sigmoid(2 * (2 / math.pi) ** 0.5 * (x + 0.044715 * torch.pow(x, 3)))
    return x * torch.special.ndtr(x)


@alternative("gelu")
def by_erfc(x, approximate=False):
    if approximate:
        inner = torch.sqrt(torch.tensor(2 / torch.pi)) * x * (1 + 0.044715 * x * x)
        if x.dtype == torch.float64:
            inner = torch.sqrt(torch.tensor(2 / torch.pi, dtype=torch.float64)) * x * (1 + 0.044715 * x * x)
        return 0.5 * x * (1.0 + torch.tanh(inner))
    return 0.5 * x * torch.erfc(-x / 2**0.5)


# 5.9


@alternative("feed_forward")
def with_your_gelu(x, W1, b1, W2, b2):
    return gelu(x @ W1 + b1) @ W2 + b2


@alternative("feed_forward")
def position_by_position(x, W1, b1, W2, b2):
    rows = x.reshape(-1, x.shape[-1])
    out = []
    for row in rows:
        h = F.linear(row, W1.T, b1)
        out.append(W2.T @ (0.5 * h * (1 + torch.erf(h * 0.5**0.5))) + b2)
    return torch.stack(out).reshape(x.shape)


# 5.10


@alternative("Block")
class WithVariables(Block):
    def forward(self, x):
        normalised = self.ln1(x)
        attended = self.attn(normalised)
        stream = torch.add(x, attended)
        return stream + self.mlp(self.ln2(stream))


@alternative("Block")
class OnACopy(Block):
    """Adds in place, but to a copy."""

    def forward(self, x):
        y = x.clone()
        y += self.attn(self.ln1(x))
        return y.add(self.mlp(self.ln2(y)))


# 5.11


@alternative("GPT", "GPTConfig")
class FromScratch:
    """A constructor and a configuration of one's own, with the names of the contract."""

    @dataclass
    class GPTConfig:
        vocab_size: int
        block_size: int
        n_layer: int
        n_head: int
        n_embd: int
        dropout: float = 0.0
        bias: bool = True
        tied: bool = True

    class GPT(nn.Module):
        def __init__(self, cfg):
            super().__init__()
            self.block_size = cfg.block_size
            self.wte = nn.Embedding(cfg.vocab_size, cfg.n_embd)
            self.wpe = nn.Embedding(cfg.block_size, cfg.n_embd)
            self.drop = nn.Dropout(cfg.dropout)
            layers = [Block(cfg.n_embd, cfg.n_head, cfg.dropout, cfg.bias) for _ in range(cfg.n_layer)]
            self.blocks = nn.Sequential(*layers)
            self.ln_f = nn.LayerNorm(cfg.n_embd, bias=cfg.bias)
            self.head = nn.Linear(cfg.n_embd, cfg.vocab_size, bias=False)
            self.apply(self._init_weights)
            if cfg.tied:
                self.wte.weight = self.head.weight

        def _init_weights(self, module):
            if isinstance(module, nn.Linear):
                torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)
                if module.bias is not None:
                    torch.nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Embedding):
                torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)

        def forward(self, idx, targets=None):
            B, T = idx.size()
            if self.block_size < T:
                raise ValueError(f"{T} > {self.block_size}")
            positions = torch.arange(0, T, dtype=torch.long, device=idx.device).unsqueeze(0).expand(B, T)
            x = self.blocks(self.drop(self.wte(idx) + self.wpe(positions)))
            logits = self.head(self.ln_f(x))
            loss = None
            if targets is not None:
                loss = F.cross_entropy(logits.view(-1, logits.size(-1)), targets.reshape(-1))
            return logits, loss


@alternative("GPT")
class LossByHand(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.cfg = cfg
        self.wte = nn.Embedding(cfg.vocab_size, cfg.n_embd)
        self.wpe = nn.Embedding(cfg.block_size, cfg.n_embd)
        self.blocks = nn.ModuleList(Block(cfg.n_embd, cfg.n_head, cfg.dropout, cfg.bias) for _ in range(cfg.n_layer))
        self.ln_f = nn.LayerNorm(cfg.n_embd, bias=cfg.bias)
        self.head = nn.Linear(cfg.n_embd, cfg.vocab_size, bias=False)
        if cfg.tied:
            self.head.weight = self.wte.weight
        for name, p in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(p)
            elif p.dim() == 2:
                nn.init.normal_(p, std=0.02)

    def forward(self, idx, targets=None):
        T = idx.shape[1]
        if self.wpe.num_embeddings < T:
            raise ValueError("too long")
        x = F.embedding(idx, self.wte.weight) + self.wpe.weight[:T]
        for block in self.blocks:
            x = block(x)
        logits = self.ln_f(x) @ self.head.weight.T
        if targets is None:
            return logits, None
        picked = torch.gather(logits.log_softmax(-1), 2, targets[..., None])
        return logits, -picked.mean()


# 5.12


@alternative("get_batch")
def by_stacking(data, B, T, rng):
    if len(data) <= T:
        raise ValueError("too short")
    ix = torch.randint(0, len(data) - T, (B,), generator=rng)
    x = torch.stack([data[i : i + T] for i in ix])
    y = torch.stack([data[i + 1 : i + 1 + T] for i in ix])
    return x, y


@alternative("get_batch")
def by_unfolding(data, B, T, rng):
    """All windows at once, one draw for each row."""
    if data.numel() < T + 1:
        raise ValueError("too short")
    windows = data.unfold(0, T + 1, 1)
    rows = [int(torch.rand((), generator=rng, dtype=torch.float64) * len(windows)) for _ in range(B)]
    return windows[rows, :-1], windows[rows, 1:]


# 5.13


@alternative("estimate_loss")
def with_a_decorator(model, data, iters, B, T, rng):
    @torch.no_grad()
    def measure():
        losses = torch.zeros(iters)
        for i in range(iters):
            X, Y = get_batch(data, B, T, rng)
            _, loss = model(X, Y)
            losses[i] = loss.item()
        return losses.mean().item()

    mode = model.training
    model.eval()
    value = measure()
    if mode:
        model.train()
    return value


@alternative("estimate_loss")
def in_inference_mode(model, data, iters, B, T, rng):
    before = model.training
    try:
        model.eval()
        total = 0.0
        with torch.inference_mode():
            for _ in range(iters):
                x, y = get_batch(data, B, T, rng)
                total += float(model(x, y)[1])
        return total / iters
    finally:
        model.train(before)


# 5.14


@alternative("count_parameters", "flops_per_token")
class ByShapes:
    def count_parameters(V, T, C, H, L, tied=True, bias=True):
        shapes = [(V, C), (T, C), (C,)] + [(C,)] * bias + [(V, C)] * (not tied)
        for _ in range(L):
            shapes += [(C,), (C,), (3 * C, C), (C, C), (4 * C, C), (C, 4 * C)]
            if bias:
                shapes += [(C,), (C,), (3 * C,), (C,), (4 * C,), (C,)]
        return sum(math.prod(shape) for shape in shapes)

    def flops_per_token(V, T, C, H, L):
        N = V * C + 2 * C + L * (12 * C**2 + 13 * C)
        return 6 * N + 12 * L * H * (C // H) * T


@alternative("count_parameters")
def as_a_polynomial(V, T, C, H, L, tied=True, bias=True):
    total = (V + T) * C + 12 * L * C**2 + (2 * L + 1) * C
    total += ((2 * L + 1) + 9 * L) * C if bias else 0
    return total if tied else total + V * C


@alternative("flops_per_token")
def from_the_count(V, T, C, H, L):
    N = count_parameters(V, T, C, H, L, tied=True)
    return int(6 * (N - T * C) + 12 * L * C * T)


# 5.15


@alternative("padding_mask", "cross_attention")
class ByHeadsAtOnce:
    def padding_mask(lengths, T):
        if lengths.min() < 0 or lengths.max() > T:
            raise ValueError("lengths")
        mask = torch.zeros(len(lengths), T, dtype=torch.bool)
        for row, n in zip(mask, lengths.tolist(), strict=True):
            row[:n] = True
        return mask

    def cross_attention(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
        q = torch.einsum("btc,hcd->bhtd", x, Wq)
        k, v = (torch.einsum("bsc,hcd->bhsd", mem, W) for W in (Wk, Wv))
        out, _ = attention(q, k, v, None if mem_mask is None else mem_mask[:, None, None, :])
        return out.permute(0, 2, 1, 3).flatten(2) @ Wo


@alternative("cross_attention")
def memory_by_memory(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    """The padding is cut off, text by text."""
    rows = []
    for b in range(len(x)):
        m = mem[b] if mem_mask is None else mem[b][mem_mask[b]]
        heads = [
            torch.softmax((x[b] @ q) @ (m @ k).T / q.shape[-1] ** 0.5, dim=-1) @ (m @ v)
            for q, k, v in zip(Wq, Wk, Wv, strict=True)
        ]
        rows.append(torch.hstack(heads) @ Wo)
    return torch.stack(rows)
