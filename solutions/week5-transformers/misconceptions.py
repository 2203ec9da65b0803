"""Known wrong solutions of week 5, each with the sentence that its author should read. Spliced, never imported."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from autograder.variants import wrong
from reference import (
    GPT,
    Block,
    CausalSelfAttention,
    attention,
    causal_mask,
    get_batch,
    merge_heads,
    split_heads,
)

# 5.1 sinusoidal_positions


@wrong(
    "sinusoidal_positions",
    "Your sines and cosines stand in two halves, one behind the other. They take turns: the cosine of a frequency stands next to its sine.",
)
def halves_side_by_side(T, d):
    angle = torch.arange(T)[:, None] * 10000.0 ** (-torch.arange(0, d, 2) / d)
    return torch.cat([torch.sin(angle), torch.cos(angle)[:, : d // 2]], dim=1)


@wrong(
    "sinusoidal_positions",
    "Your exponent seems to be the number i of the pair in the place of 2i. Then the slowest wave is a hundred times too fast: count the columns, not the pairs.",
)
def exponent_i(T, d):
    angle = torch.arange(T)[:, None] * 10000.0 ** (-torch.arange((d + 1) // 2) / d)
    p = torch.empty(T, d)
    p[:, 0::2], p[:, 1::2] = torch.sin(angle), torch.cos(angle)[:, : d // 2]
    return p


@wrong(
    "sinusoidal_positions",
    "Your cosines seem to have the exponent 2i + 1, the number of their own column. A cosine has the same frequency as the sine before it.",
)
def exponent_of_the_column(T, d):
    angle = torch.arange(T)[:, None] * 10000.0 ** (-torch.arange(d) / d)
    p = torch.sin(angle)
    p[:, 1::2] = torch.cos(angle[:, 1::2])
    return p


@wrong(
    "sinusoidal_positions",
    "Your position seems to be multiplied by the power of 10000. It is divided by it: later pairs turn more slowly.",
)
def power_multiplied(T, d):
    angle = torch.arange(T)[:, None] * 10000.0 ** (torch.arange(0, d, 2) / d)
    p = torch.empty(T, d)
    p[:, 0::2], p[:, 1::2] = torch.sin(angle), torch.cos(angle)[:, : d // 2]
    return p


@wrong(
    "sinusoidal_positions",
    "Your sines stand in the odd columns and your cosines in the even ones. Column 0 is a sine.",
)
def cosine_first(T, d):
    angle = torch.arange(T)[:, None] * 10000.0 ** (-torch.arange(0, d, 2) / d)
    p = torch.empty(T, d)
    p[:, 0::2], p[:, 1::2] = torch.cos(angle), torch.sin(angle)[:, : d // 2]
    return p


@wrong(
    "sinusoidal_positions",
    "Your positions seem to begin at 1. The first row belongs to position 0.",
)
def positions_from_one(T, d):
    angle = torch.arange(1, T + 1)[:, None] * 10000.0 ** (-torch.arange(0, d, 2) / d)
    p = torch.empty(T, d)
    p[:, 0::2], p[:, 1::2] = torch.sin(angle), torch.cos(angle)[:, : d // 2]
    return p


@wrong(
    "sinusoidal_positions",
    "Your function works for an even d only. For an odd d there is one cosine less than there are sines.",
)
def even_width_only(T, d):
    angle = torch.arange(T)[:, None] * 10000.0 ** (-torch.arange(0, d, 2) / d)
    p = torch.empty(T, d)
    p[:, 0::2], p[:, 1::2] = torch.sin(angle), torch.cos(angle)
    return p


@wrong(
    "sinusoidal_positions",
    "For an odd d, your last column seems to be missing or 0. It is a sine without its cosine.",
)
def last_sine_missing(T, d):
    angle = torch.arange(T)[:, None] * 10000.0 ** (-torch.arange(0, d - 1, 2) / d)
    p = torch.zeros(T, d)
    p[:, 0 : d - 1 : 2], p[:, 1::2] = torch.sin(angle), torch.cos(angle)
    return p


@wrong(
    "sinusoidal_positions",
    "All your columns seem to be sines. The odd columns are cosines.",
)
def only_sines(T, d):
    return torch.sin(torch.arange(T)[:, None] * 10000.0 ** (-(torch.arange(d) // 2 * 2) / d))


@wrong(
    "sinusoidal_positions",
    "Your slowest frequency is too slow: it seems that the exponents run from 0 to 1, divided by the number of pairs less one. The exponent of pair i is 2i / d.",
)
def exponents_up_to_one(T, d):
    pairs = (d + 1) // 2
    angle = torch.arange(T)[:, None] * 10000.0 ** (-torch.arange(pairs) / max(pairs - 1, 1))
    p = torch.empty(T, d)
    p[:, 0::2], p[:, 1::2] = torch.sin(angle), torch.cos(angle)[:, : d // 2]
    return p


@wrong(
    "sinusoidal_positions",
    "Your base seems to be another number than 10000. Count the zeros.",
)
def base_1000(T, d):
    angle = torch.arange(T)[:, None] * 1000.0 ** (-torch.arange(0, d, 2) / d)
    p = torch.empty(T, d)
    p[:, 0::2], p[:, 1::2] = torch.sin(angle), torch.cos(angle)[:, : d // 2]
    return p


@wrong(
    "sinusoidal_positions",
    "Your table is transposed, or its axes are exchanged: rows are positions, columns are channels.",
)
def positions_transposed(T, d):
    angle = torch.arange(T)[:, None] * 10000.0 ** (-torch.arange(0, d, 2) / d)
    p = torch.empty(T, d)
    p[:, 0::2], p[:, 1::2] = torch.sin(angle), torch.cos(angle)[:, : d // 2]
    return p.T


@wrong(
    "sinusoidal_positions",
    "Your numbers are right, but they are float64, perhaps because they come from NumPy. The contract asks for torch's default dtype.",
)
def double_positions(T, d):
    angle = np.arange(T)[:, None] * 10000.0 ** (-np.arange(0, d, 2) / d)
    p = np.empty((T, d))
    p[:, 0::2], p[:, 1::2] = np.sin(angle), np.cos(angle)[:, : d // 2]
    return torch.from_numpy(p)


# 5.2 causal_mask


@wrong(
    "causal_mask",
    "Your mask hides the diagonal, so that a position cannot see its own token, and the first position sees nothing at all.",
)
def strictly_before(T):
    return torch.ones(T, T).tril(-1).bool()


@wrong(
    "causal_mask",
    "Your mask is True above the diagonal, too: it seems to be transposed. Rows are queries, so row 0 has one True and the last row is full.",
)
def upper_triangle(T):
    return torch.ones(T, T).triu().bool()


@wrong(
    "causal_mask",
    "Your mask is True where attention is forbidden. Here True means: may be looked at.",
)
def true_means_hidden(T):
    return torch.ones(T, T).triu(1).bool()


@wrong(
    "causal_mask",
    "Your mask lets each position see the next token, which it is to predict.",
)
def one_too_many(T):
    return torch.ones(T, T).tril(1).bool()


@wrong(
    "causal_mask",
    "Your mask hides nothing. Each position would see the tokens that it is to predict.",
)
def nothing_hidden(T):
    return torch.ones(T, T).bool()


@wrong(
    "causal_mask",
    "Your mask shows each position itself alone. It may also look at everything before it.",
)
def diagonal_alone(T):
    return torch.eye(T).bool()


@wrong(
    "causal_mask",
    "Your mask holds numbers, not truth values. It says True or False, with the dtype torch.bool.",
)
def mask_of_numbers(T):
    return torch.tril(torch.ones(T, T))


@wrong(
    "causal_mask",
    "Your mask holds numbers that are to be added to scores, 0 and minus infinity. Here a mask says True or False, with the dtype torch.bool.",
)
def mask_to_be_added(T):
    return torch.full((T, T), -math.inf).triu(1)


@wrong(
    "causal_mask",
    "Your mask has extra axes in front. The contract asks for a table of shape (T, T).",
)
def mask_with_extra_axes(T):
    return torch.tril(torch.ones(1, 1, T, T)).bool()


@wrong(
    "causal_mask",
    "Your function seems to hand out the same tensor each time. If somebody changes it, everybody's mask changes: make a new one in each call.",
)
def one_mask_for_all(T, kept={}):  # noqa: B006 - the shared dict is the mistake
    if T not in kept:
        kept[T] = torch.tril(torch.ones(T, T, dtype=torch.bool))
    return kept[T]


# 5.3 attention


@wrong(
    "attention",
    "Your scores do not seem to be divided by anything. Divide by the square root of the length of the keys, before the softmax.",
)
def no_scale(q, k, v, mask=None):
    return attention(q * math.sqrt(q.shape[-1]), k, v, mask)


@wrong(
    "attention",
    "Your scores seem to be divided by the length of the keys. It is the square root of this length.",
)
def divided_by_dk(q, k, v, mask=None):
    return attention(q / math.sqrt(q.shape[-1]), k, v, mask)


@wrong(
    "attention",
    "Your scale seems to be the square root of the number of keys. It is the number of channels of a key that counts: so many products are added up in a dot product.",
)
def scaled_by_length(q, k, v, mask=None):
    return attention(q * math.sqrt(q.shape[-1] / k.shape[-2]), k, v, mask)


@wrong(
    "attention",
    "Your scale seems to be the square root of the length of the values. Queries and keys make the scores, so theirs is the length that counts.",
)
def scaled_by_dv(q, k, v, mask=None):
    return attention(q * math.sqrt(q.shape[-1] / v.shape[-1]), k, v, mask)


@wrong(
    "attention",
    "Your scores seem to be multiplied by the square root of the length of the keys. They are to be made smaller.",
)
def scale_multiplied(q, k, v, mask=None):
    return attention(q * q.shape[-1], k, v, mask)


@wrong(
    "attention",
    "Your softmax seems to run over the queries. Each query shares its attention out over the keys, so each row of the weights sums to 1.",
)
def softmax_over_queries(q, k, v, mask=None):
    attention(q, k, v, mask)  # checks the shapes
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    w = torch.softmax(scores, dim=-2)
    w = w if mask is None else w.masked_fill(~mask, 0)
    return w @ v, w


@wrong(
    "attention",
    "Your mask seems to be applied after the softmax. Then hidden keys have taken their share of the weight, and the rest of a row no longer sums to 1.",
)
def mask_after_softmax(q, k, v, mask=None):
    w = attention(q, k, v)[1]
    if mask is not None:
        try:
            w = w * mask
        except RuntimeError:
            raise ValueError("mask") from None
    return w @ v, w


@wrong(
    "attention",
    "Your mask, as numbers 0 and 1, seems to be added to the scores. That prefers some keys and hides none.",
)
def mask_added(q, k, v, mask=None):
    attention(q, k, v, mask)
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    w = torch.softmax(scores if mask is None else scores + mask, dim=-1)
    return w @ v, w


@wrong(
    "attention",
    "Hidden keys get weight as if their scores were 0. Was the mask multiplied into the scores, or is the number that you write there tiny and not low (such as 1e-9 with the minus in the exponent)? A score of 0 is an ordinary score.",
)
def mask_multiplied(q, k, v, mask=None):
    attention(q, k, v, mask)
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    w = torch.softmax(scores if mask is None else scores * mask, dim=-1)
    return w @ v, w


@wrong(
    "attention",
    "Hidden keys get weight as if their scores were 0. Was the mask multiplied into the scores, or is the number that you write there tiny and not low (such as 1e-9 with the minus in the exponent)? A score of 0 is an ordinary score.",
)
def tiny_instead_of_low(q, k, v, mask=None):
    attention(q, k, v, mask)
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    w = torch.softmax(scores if mask is None else scores.masked_fill(~mask, -1e-9), dim=-1)
    return w @ v, w


@wrong(
    "attention",
    "Your mask seems to be read the wrong way round: True means that a query may look at a key.",
)
def mask_inverted(q, k, v, mask=None):
    return attention(q, k, v, None if mask is None else ~mask)


@wrong(
    "attention",
    "A query that may look at nothing gets NaN. A softmax of nothing but minus infinity is 0 / 0: the contract asks for weights 0 and output 0 there.",
)
def nan_without_keys(q, k, v, mask=None):
    attention(q, k, v, mask)
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    w = torch.softmax(scores if mask is None else scores.masked_fill(~mask, -math.inf), dim=-1)
    return w @ v, w


@wrong(
    "attention",
    "Your weights and outputs are right, but gradients become NaN where a query may look at nothing. NaN was repaired after the softmax, and its gradient is NaN all the same: do not let it arise.",
)
def nan_in_the_gradient(q, k, v, mask=None):
    attention(q, k, v, mask)
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores + torch.where(mask, 0.0, -math.inf).to(scores.dtype)
    w = torch.nan_to_num(torch.softmax(scores, dim=-1))
    return w @ v, w


@wrong(
    "attention",
    "A query that may look at nothing looks at everything equally. If all scores are equally low, the softmax is uniform: the contract asks for weights 0 and output 0 there.",
)
def uniform_without_keys(q, k, v, mask=None):
    attention(q, k, v, mask)
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    w = torch.softmax(scores if mask is None else scores.masked_fill(~mask, -1e9), dim=-1)
    return w @ v, w


@wrong(
    "attention",
    "Your function seems to compute the softmax without subtracting the maximum, so it overflows for large scores. torch.softmax does not.",
)
def overflowing_softmax(q, k, v, mask=None):
    attention(q, k, v, mask)
    e = torch.exp(q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1]))
    e = e if mask is None else e * mask
    total = e.sum(-1, keepdim=True)
    w = e / torch.where(total == 0, 1.0, total)
    return w @ v, w


@wrong(
    "attention",
    "Your second result seems to be the scores, before the softmax. The weights are asked for.",
)
def returns_scores(q, k, v, mask=None):
    out, _ = attention(q, k, v, mask)
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    return out, scores if mask is None else scores.masked_fill(~mask, -1e9)


@wrong(
    "attention",
    "Your two results seem to be in the wrong order: the output comes first, then the weights.",
)
def results_swapped(q, k, v, mask=None):
    return attention(q, k, v, mask)[::-1]


@wrong(
    "attention",
    "Your function returns the output alone. The contract asks for the pair of output and weights.",
)
def output_alone(q, k, v, mask=None):
    return attention(q, k, v, mask)[0]


@wrong(
    "attention",
    "Your values seem to be weighted by the keys' table the wrong way round, or keys and values are exchanged: the weights say how much of each value goes into the output.",
)
def keys_as_values(q, k, v, mask=None):
    _, w = attention(q, k, v, mask)
    return w @ k, w


@wrong(
    "attention",
    "Your function works for one number of axes alone: it seems to name axes from the front. Count them from the end, as -2 and -1.",
)
def three_axes_alone(q, k, v, mask=None):
    attention(q, k, v, mask)
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    w = torch.softmax(scores, dim=-1)
    w = w if mask is None else w.masked_fill(~mask, 0)
    return w @ v, w


@wrong(
    "attention",
    "Shapes that do not fit raise an error of another class. The contract asks for ValueError: compare the shapes yourself.",
)
def runtime_errors(q, k, v, mask=None):
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is None:
        w = torch.softmax(scores, dim=-1)
    else:
        w = torch.softmax(scores.masked_fill(~mask, torch.finfo(scores.dtype).min), dim=-1).masked_fill(~mask, 0)
    return w @ v, w


@wrong(
    "attention",
    "Your mask seems to be expected with all axes of the scores. It broadcasts: it may have fewer axes, or axes of length 1.",
)
def mask_of_full_shape(q, k, v, mask=None):
    if mask is not None and mask.shape != (*q.shape[:-1], k.shape[-2]):
        raise ValueError("mask")
    return attention(q, k, v, mask)


@wrong(
    "attention",
    "Your function changes its arguments: an operation that ends in an underscore, or one like /=, works in place.",
)
def scaled_in_place(q, k, v, mask=None):
    scale = math.sqrt(q.shape[-1])
    if q.requires_grad:
        return attention(q, k, v, mask)
    result = attention(q, k, v, mask)
    q /= scale
    return result


@wrong(
    "attention",
    "Your results seem to have another dtype than the input. Float32 comes in, float32 goes out.",
)
def always_double(q, k, v, mask=None):
    return attention(q.double(), k.double(), v.double(), mask)


# 5.4 split_heads, merge_heads


@wrong(
    "split_heads",
    "Your split has the right shape, but the numbers are in the wrong places: the axis of the heads was put before the positions without moving any number. Cut the channels first, then exchange axes.",
)
def view_without_transpose(x, H):
    B, T, C = x.shape
    if C % H:
        raise ValueError("H")
    return x.reshape(B, H, T, C // H)


@wrong(
    "split_heads",
    "Your heads get channels that lie apart: head 0 seems to get every H-th one. Each head gets C / H channels that are neighbours.",
)
def interleaved_heads(x, H):
    B, T, C = x.shape
    if C % H:
        raise ValueError("H")
    return x.reshape(B, T, C // H, H).permute(0, 3, 1, 2)


@wrong(
    "split_heads",
    "Your axes seem to be (batch, position, head, channel). The heads come before the positions, so that the last two axes are those of a matrix.",
)
def heads_behind_positions(x, H):
    B, T, C = x.shape
    if C % H:
        raise ValueError("H")
    return x.reshape(B, T, H, C // H)


@wrong(
    "split_heads",
    "The last two axes of your split seem to be exchanged: the positions come before the channels of a head.",
)
def channels_before_positions(x, H):
    B, T, C = x.shape
    if C % H:
        raise ValueError("H")
    return x.reshape(B, T, H, C // H).permute(0, 2, 3, 1)


@wrong(
    "split_heads",
    "The number of heads and the number of channels of a head seem to be exchanged in your split: H is how many heads there are.",
)
def head_size_for_number(x, H):
    B, T, C = x.shape
    if C % H:
        raise ValueError("H")
    return x.reshape(B, T, C // H, H).transpose(1, 2)


@wrong(
    "split_heads",
    "Your split cuts the positions, not the channels: every head should see all positions.",
)
def positions_dealt_out(x, H):
    B, T, C = x.shape
    if C % H:
        raise ValueError("H")
    return x.reshape(B, T * H, C // H).reshape(B, T, H, C // H).reshape(B, H, C // H, T).transpose(-2, -1)


@wrong(
    "split_heads",
    "Where C is not divisible by H, your split raises an error of another class or drops channels. The contract asks for ValueError.",
)
def no_check_of_heads(x, H):
    B, T, C = x.shape
    return x.view(B, T, H, C // H).transpose(1, 2)


@wrong(
    "split_heads",
    "Where C is not divisible by H, your split raises an error of another class or drops channels. The contract asks for ValueError.",
)
def left_over_channels_dropped(x, H):
    B, T, C = x.shape
    return x[..., : C // H * H].reshape(B, T, H, C // H).transpose(1, 2)


@wrong(
    "merge_heads",
    "Your merge has the right shape, but the numbers are in the wrong places: the heads have to move behind the positions before the last two axes become one.",
)
def merge_without_transpose(x):
    B, H, T, d = x.shape
    return x.reshape(B, T, H * d)


@wrong(
    "merge_heads",
    "Your merge puts first the first channel of all heads, then the second, and so on. All channels of head 0 come first.",
)
def merge_interleaved(x):
    B, H, T, d = x.shape
    return x.permute(0, 2, 3, 1).reshape(B, T, H * d)


@wrong(
    "merge_heads",
    "Your merge works on what split_heads returns, and fails on tensors that lie otherwise in memory, such as the result of a product. After a transpose, view may not work; there is a function that copies where it has to.",
)
def merge_by_view(x):
    B, H, T, d = x.shape
    return x.transpose(1, 2).view(B, T, H * d)


@wrong(
    "merge_heads",
    "Your merge adds the heads up, or averages them. They are put side by side.",
)
def merge_by_sum(x):
    return x.sum(dim=1)


@wrong(
    "merge_heads",
    "Your merge puts the heads below each other, along the positions. They belong side by side, along the channels.",
)
def merged_along_positions(x):
    B, H, T, d = x.shape
    return x.reshape(B, H * T, d)


# 5.5 CausalSelfAttention


@wrong(
    "CausalSelfAttention",
    "Your scores seem to be divided by the square root of C. Each head has C / H channels, and these are added up in its dot products.",
)
class ScaledByAllChannels(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q / math.sqrt(self.H), k, v, causal_mask(x.shape[1]))
        return self.dropout(self.proj(merge_heads(self.dropout(w) @ v)))


@wrong(
    "CausalSelfAttention",
    "Your scores do not seem to be scaled. Divide them by the square root of the number of channels of a head.",
)
class Unscaled(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q * math.sqrt(q.shape[-1]), k, v, causal_mask(x.shape[1]))
        return self.dropout(self.proj(merge_heads(self.dropout(w) @ v)))


@wrong(
    "CausalSelfAttention",
    "Heads and positions seem to be mixed up: a view to (B, H, T, C / H) does not move any number. Cut the channels first, then exchange axes.",
)
class HeadsMixed(CausalSelfAttention):
    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (part.reshape(B, self.H, T, C // self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, causal_mask(T))
        return self.dropout(self.proj((self.dropout(w) @ v).reshape(B, T, C)))


@wrong(
    "CausalSelfAttention",
    "The heads are put together in the wrong way: before the channels of all heads can stand side by side, the axis of the heads has to go behind the positions.",
)
class MergedWithoutTranspose(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, causal_mask(x.shape[1]))
        return self.dropout(self.proj((self.dropout(w) @ v).reshape(x.shape)))


@wrong(
    "CausalSelfAttention",
    "Your heads seem to get channels that lie apart. Head 0 gets the first C / H channels of the queries, of the keys and of the values.",
)
class HeadsInterleaved(CausalSelfAttention):
    def forward(self, x):
        B, T, C = x.shape
        parts = self.qkv(x).chunk(3, dim=-1)
        q, k, v = (part.reshape(B, T, C // self.H, self.H).permute(0, 3, 1, 2) for part in parts)
        _, w = attention(q, k, v, causal_mask(T))
        return self.dropout(self.proj((self.dropout(w) @ v).permute(0, 2, 3, 1).reshape(B, T, C)))


@wrong(
    "CausalSelfAttention",
    "The output of qkv seems to be cut head by head, with query, key and value inside each head. First come all queries, then all keys, then all values.",
)
class HeadByHead(CausalSelfAttention):
    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).view(B, T, self.H, 3, C // self.H).permute(3, 0, 2, 1, 4)
        _, w = attention(q, k, v, causal_mask(T))
        return self.dropout(self.proj(merge_heads(self.dropout(w) @ v)))


@wrong(
    "CausalSelfAttention",
    "Queries, keys and values seem to be taken from qkv in another order: the first C channels are the queries, then come the keys, then the values.",
)
class KeysFirst(CausalSelfAttention):
    def forward(self, x):
        k, q, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, causal_mask(x.shape[1]))
        return self.dropout(self.proj(merge_heads(self.dropout(w) @ v)))


@wrong(
    "CausalSelfAttention",
    "Queries, keys and values seem to be taken from qkv in another order: the first C channels are the queries, then come the keys, then the values.",
)
class ValuesFirst(CausalSelfAttention):
    def forward(self, x):
        v, k, q = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, causal_mask(x.shape[1]))
        return self.dropout(self.proj(merge_heads(self.dropout(w) @ v)))


@wrong(
    "CausalSelfAttention",
    "The channels of qkv seem to be dealt out in threes, to query, key and value in turn. The first C of them are the queries, the next C the keys, the last C the values.",
)
class EveryThirdChannel(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(self.qkv(x)[..., i::3], self.H) for i in range(3))
        _, w = attention(q, k, v, causal_mask(x.shape[1]))
        return self.dropout(self.proj(merge_heads(self.dropout(w) @ v)))


@wrong(
    "CausalSelfAttention",
    "Your output does not go through proj. Without it the heads never hear of each other.",
)
class NoProjection(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, causal_mask(x.shape[1]))
        return self.dropout(merge_heads(self.dropout(w) @ v))


@wrong(
    "CausalSelfAttention",
    "There seems to be no mask: each position looks at the whole text, its future included.",
)
class NoMask(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v)
        return self.dropout(self.proj(merge_heads(self.dropout(w) @ v)))


@wrong(
    "CausalSelfAttention",
    "Your positions seem to look forward and not back: the mask is transposed. Rows are queries.",
)
class LooksForward(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, causal_mask(x.shape[1]).T)
        return self.dropout(self.proj(merge_heads(self.dropout(w) @ v)))


@wrong(
    "CausalSelfAttention",
    "Your mask is made once, for one length of text, and does not fit the next one. Make it for the T of x, or cut it to size.",
)
class MaskOfTheFirstText(CausalSelfAttention):
    def forward(self, x):
        if not hasattr(self, "mask"):
            self.mask = causal_mask(x.shape[1])
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, self.mask)
        return self.dropout(self.proj(merge_heads(self.dropout(w) @ v)))


@wrong(
    "CausalSelfAttention",
    "Your attention seems to run over the heads, at each position alone, and not over the positions. The last two axes must be positions and channels when queries meet keys.",
)
class AttentionOverHeads(CausalSelfAttention):
    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (part.view(B, T, self.H, C // self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v)
        return self.dropout(self.proj((self.dropout(w) @ v).reshape(B, T, C)))


@wrong(
    "CausalSelfAttention",
    "Your layer has one head, whatever H is: queries and keys are compared over all C channels.",
)
class OneHeadOnly(CausalSelfAttention):
    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        _, w = attention(q, k, v, causal_mask(x.shape[1]))
        return self.dropout(self.proj(self.dropout(w) @ v))


@wrong(
    "CausalSelfAttention",
    "Your dropout acts in evaluation mode, too. F.dropout drops unless it is told the mode of the model.",
)
class DropoutInEvaluation(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, causal_mask(x.shape[1]))
        return F.dropout(self.proj(merge_heads(F.dropout(w, self.dropout.p) @ v)), self.dropout.p)


@wrong(
    "CausalSelfAttention",
    "Your layer drops nothing in training mode. Dropout belongs at two places: on the attention weights, and on what comes out of proj.",
)
class NoDropoutAtAll(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        out, _ = attention(q, k, v, causal_mask(x.shape[1]))
        return self.proj(merge_heads(out))


@wrong(
    "CausalSelfAttention",
    "Your dropout acts on the output of proj, but not on the attention weights. It belongs at both places.",
)
class NoDropoutOfTheWeights(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        out, _ = attention(q, k, v, causal_mask(x.shape[1]))
        return self.dropout(self.proj(merge_heads(out)))


@wrong(
    "CausalSelfAttention",
    "Your dropout acts on the attention weights, but not on the output of proj. It belongs at both places.",
)
class NoDropoutOfTheOutput(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, causal_mask(x.shape[1]))
        return self.proj(merge_heads(self.dropout(w) @ v))


@wrong(
    "CausalSelfAttention",
    "Your dropout seems to act on what the heads have gathered, number by number, and not on the attention weights. A dropped weight hides a whole position from a head.",
)
class DropoutOfTheHeads(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        out, _ = attention(q, k, v, causal_mask(x.shape[1]))
        return self.dropout(self.proj(merge_heads(self.dropout(out))))


@wrong(
    "CausalSelfAttention",
    "Your dropout seems to keep with probability p. In PyTorch and here, p is the probability to drop.",
)
class DropoutKeepsP(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, causal_mask(x.shape[1]))
        p = 1 - self.dropout.p
        return F.dropout(self.proj(merge_heads(F.dropout(w, p, self.training) @ v)), p, self.training)


@wrong(
    "CausalSelfAttention",
    "Your layer adds its input to its output. The residual connection belongs to the block, in exercise 5.10.",
)
class WithResidual(CausalSelfAttention):
    def forward(self, x):
        q, k, v = (split_heads(part, self.H) for part in self.qkv(x).chunk(3, dim=-1))
        _, w = attention(q, k, v, causal_mask(x.shape[1]))
        return x + self.dropout(self.proj(merge_heads(self.dropout(w) @ v)))


# 5.6 mha_loop


@wrong(
    "mha_loop",
    "Your heads seem to be joined in the wrong order: all channels of head 0 come first, then those of head 1. Along which axis do you join?",
)
def joined_interleaved(x, Wq, Wk, Wv, Wo):
    mask = causal_mask(x.shape[1])
    heads = [attention(x @ Wq[h], x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.stack(heads, dim=-1).flatten(-2) @ Wo


@wrong(
    "mha_loop",
    "Your heads seem to be joined along the positions, or stacked and reshaped without moving the heads behind the positions. They belong side by side, along the channels.",
)
def joined_along_positions(x, Wq, Wk, Wv, Wo):
    mask = causal_mask(x.shape[1])
    heads = [attention(x @ Wq[h], x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=1).reshape(x.shape[0], x.shape[1], -1) @ Wo


@wrong(
    "mha_loop",
    "Your heads seem to be joined along the positions, or stacked and reshaped without moving the heads behind the positions. They belong side by side, along the channels.",
)
def joined_along_the_batch(x, Wq, Wk, Wv, Wo):
    mask = causal_mask(x.shape[1])
    heads = [attention(x @ Wq[h], x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=0).reshape(x.shape[0], x.shape[1], -1) @ Wo


@wrong(
    "mha_loop",
    "Your heads seem to be added up, or averaged, before they meet Wo. They are put side by side, and each has rows of Wo of its own.",
)
def heads_added(x, Wq, Wk, Wv, Wo):
    mask, H = causal_mask(x.shape[1]), len(Wq)
    heads = [attention(x @ Wq[h], x @ Wk[h], x @ Wv[h], mask)[0] for h in range(H)]
    return sum(heads) @ Wo.view(H, -1, Wo.shape[-1]).sum(dim=0)


@wrong(
    "mha_loop",
    "Every head seems to be multiplied by the same rows of Wo. Head h has the rows from h d to (h + 1) d.",
)
def first_rows_of_wo(x, Wq, Wk, Wv, Wo):
    mask = causal_mask(x.shape[1])
    heads = [attention(x @ Wq[h], x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return sum(head @ Wo[: head.shape[-1]] for head in heads)


@wrong(
    "mha_loop",
    "Your scores seem to be divided by the square root of C. The dot products of a head add up d products: d is what counts.",
)
def loop_scaled_by_channels(x, Wq, Wk, Wv, Wo):
    mask, ratio = causal_mask(x.shape[1]), math.sqrt(Wq.shape[-1] / x.shape[-1])
    heads = [attention(x @ Wq[h] * ratio, x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "mha_loop",
    "Your scores do not seem to be scaled. Divide them by the square root of d.",
)
def loop_unscaled(x, Wq, Wk, Wv, Wo):
    mask, root = causal_mask(x.shape[1]), math.sqrt(Wq.shape[-1])
    heads = [attention(x @ Wq[h] * root, x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "mha_loop",
    "Your scores seem to be divided by d. It is the square root of d.",
)
def loop_divided_by_d(x, Wq, Wk, Wv, Wo):
    mask, root = causal_mask(x.shape[1]), math.sqrt(Wq.shape[-1])
    heads = [attention(x @ Wq[h] / root, x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "mha_loop",
    "There seems to be no mask: each position looks at the whole text, its future included.",
)
def loop_without_mask(x, Wq, Wk, Wv, Wo):
    heads = [attention(x @ Wq[h], x @ Wk[h], x @ Wv[h])[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "mha_loop",
    "Your mask seems to be transposed: each position looks at itself and what comes after it.",
)
def loop_looks_forward(x, Wq, Wk, Wv, Wo):
    mask = causal_mask(x.shape[1]).T
    heads = [attention(x @ Wq[h], x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "mha_loop",
    "All your heads seem to use the weights of head 0. Then they all look for the same thing.",
)
def first_head_only(x, Wq, Wk, Wv, Wo):
    mask = causal_mask(x.shape[1])
    heads = [attention(x @ Wq[0], x @ Wk[0], x @ Wv[0], mask)[0] for _ in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "mha_loop",
    "Queries and keys seem to be exchanged: the position that looks is the one whose query is used.",
)
def queries_and_keys_exchanged(x, Wq, Wk, Wv, Wo):
    mask = causal_mask(x.shape[1])
    heads = [attention(x @ Wk[h], x @ Wq[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "mha_loop",
    "Each of your heads seems to see what the head before it has made. All heads read the same x.",
)
def heads_in_a_chain(x, Wq, Wk, Wv, Wo):
    mask, heads, y = causal_mask(x.shape[1]), [], x
    for h in range(len(Wq)):
        out = attention(y @ Wq[h], y @ Wk[h], y @ Wv[h], mask)[0]
        heads.append(out)
        if h + 1 < len(Wq):
            y = y + F.pad(out, (0, max(0, y.shape[-1] - out.shape[-1])))[..., : y.shape[-1]]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "mha_loop",
    "Your output does not seem to go through Wo. The heads are put side by side, and then multiplied by Wo.",
)
def loop_without_wo(x, Wq, Wk, Wv, Wo):
    mask = causal_mask(x.shape[1])
    heads = [attention(x @ Wq[h], x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1)


# 5.7 layer_norm


@wrong(
    "layer_norm",
    "Your variance seems to be the unbiased one, which divides by C - 1: torch.var and torch.std do so unless they are told otherwise. The biased one divides by C.",
)
def unbiased_variance(x, g, b, eps=1e-5):
    mean = x.mean(-1, keepdim=True)
    return g * (x - mean) / torch.sqrt(x.var(-1, keepdim=True) + eps) + b


@wrong(
    "layer_norm",
    "Your eps seems to stand outside the root. It is added to the variance, under the root.",
)
def eps_outside_the_root(x, g, b, eps=1e-5):
    mean, std = x.mean(-1, keepdim=True), x.std(-1, keepdim=True, unbiased=False)
    return g * (x - mean) / (std + eps) + b


@wrong(
    "layer_norm",
    "Your standard deviation is the unbiased one of torch.std, and eps is added to it, outside the root. The contract asks for the biased variance, with eps under the root.",
)
def torch_std_plus_eps(x, g, b, eps=1e-5):
    return g * (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + eps) + b


@wrong(
    "layer_norm",
    "Your eps seems to be left out. A vector of equal numbers has variance 0, and 0 / 0 is NaN.",
)
def no_eps(x, g, b, eps=1e-5):
    mean, var = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
    return g * (x - mean) / torch.sqrt(var) + b


@wrong(
    "layer_norm",
    "Your eps seems to be a fixed number. It is an argument.",
)
def fixed_eps(x, g, b, eps=1e-5):
    mean, var = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
    return g * (x - mean) / torch.sqrt(var + 1e-5) + b


@wrong(
    "layer_norm",
    "You seem to divide by the variance. It is its square root, the standard deviation, by which the vector is divided.",
)
def divided_by_variance(x, g, b, eps=1e-5):
    mean, var = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
    return g * (x - mean) / (var + eps) + b


@wrong(
    "layer_norm",
    "Mean and variance seem to be taken over the first axis, as BatchNorm does. Each vector along the last axis has its own.",
)
def over_the_batch(x, g, b, eps=1e-5):
    mean, var = x.mean(0, keepdim=True), x.var(0, keepdim=True, unbiased=False)
    return g * (x - mean) / torch.sqrt(var + eps) + b


@wrong(
    "layer_norm",
    "Mean and variance seem to be taken over all positions of a text together. Each vector along the last axis has its own.",
)
def over_positions_too(x, g, b, eps=1e-5):
    axes = (-2, -1) if x.dim() > 1 else (-1,)
    mean, var = x.mean(axes, keepdim=True), x.var(axes, keepdim=True, unbiased=False)
    return g * (x - mean) / torch.sqrt(var + eps) + b


@wrong(
    "layer_norm",
    "Mean and variance seem to be taken over all numbers of x. Each vector along the last axis has its own.",
)
def over_everything(x, g, b, eps=1e-5):
    return g * (x - x.mean()) / torch.sqrt(x.var(unbiased=False) + eps) + b


@wrong(
    "layer_norm",
    "Your mean does not seem to be subtracted from the numerator. (There is a norm without it, RMSNorm; this is not the one.)",
)
def mean_not_subtracted(x, g, b, eps=1e-5):
    return g * x / torch.sqrt(x.var(-1, keepdim=True, unbiased=False) + eps) + b


@wrong(
    "layer_norm",
    "You seem to divide by the root of the mean square of x itself, without its mean. The variance is the mean square of x - m.",
)
def rms_norm(x, g, b, eps=1e-5):
    return g * x / torch.sqrt((x**2).mean(-1, keepdim=True) + eps) + b


@wrong(
    "layer_norm",
    "g and b seem to be left out. After the normalisation, each channel is multiplied by its g, and its b is added.",
)
def gain_and_bias_left_out(x, g, b, eps=1e-5):
    mean, var = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
    return (x - mean) / torch.sqrt(var + eps)


@wrong(
    "layer_norm",
    "Your b seems to be added before the multiplication by g. First comes g, then b is added.",
)
def bias_before_gain(x, g, b, eps=1e-5):
    mean, var = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
    return g * ((x - mean) / torch.sqrt(var + eps) + b)


@wrong(
    "layer_norm",
    "Your mean has lost the last axis, so that it is subtracted along the wrong one, or does not fit at all. Keep the axis, with length 1.",
)
def axis_lost(x, g, b, eps=1e-5):
    mean, var = x.mean(-1), x.var(-1, unbiased=False)
    return g * (x - mean) / torch.sqrt(var + eps) + b


@wrong(
    "layer_norm",
    "Your function changes x: an operation like -= or /= works in place, on the caller's tensor.",
)
def norm_in_place(x, g, b, eps=1e-5):
    mean, var = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
    x -= mean
    x /= torch.sqrt(var + eps)
    return g * x + b


# 5.8 gelu


@wrong(
    "gelu",
    "Your exact form is twice as large as it should be: the half is missing.",
)
def half_missing(x, approximate=False):
    if approximate:
        return x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x * (1 + torch.erf(x / math.sqrt(2)))


@wrong(
    "gelu",
    "Your function computes the form with tanh although the exact one is asked for. It is an approximation, used only with approximate=True.",
)
def always_tanh(x, approximate=False):
    return x / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


@wrong(
    "gelu",
    "Your function computes the exact form also where the approximation is asked for.",
)
def always_exact(x, approximate=False):
    return x / 2 * (1 + torch.erf(x / math.sqrt(2)))


@wrong(
    "gelu",
    "The two forms seem to be exchanged: approximate=True asks for the one with tanh.",
)
def forms_exchanged(x, approximate=False):
    if not approximate:
        return x / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x / 2 * (1 + torch.erf(x / math.sqrt(2)))


@wrong(
    "gelu",
    "Your function seems to use a sigmoid, x times sigmoid(1.702 x). That is another, cruder approximation.",
)
def sigmoid_approximation(x, approximate=False):
    return x * torch.sigmoid(1.702 * x)


@wrong(
    "gelu",
    "Your approximation seems to use a sigmoid, x times sigmoid(1.702 x). The contract asks for the one with tanh.",
)
def sigmoid_if_approximate(x, approximate=False):
    return x * torch.sigmoid(1.702 * x) if approximate else x / 2 * (1 + torch.erf(x / math.sqrt(2)))


@wrong(
    "gelu",
    "Your function is SiLU, x times sigmoid(x). GELU multiplies by the probability that a normal number is below x.",
)
def silu(x, approximate=False):
    return x * torch.sigmoid(x)


@wrong(
    "gelu",
    "Inside of your erf, x does not seem to be divided by the square root of 2.",
)
def root_of_two_missing(x, approximate=False):
    if approximate:
        return x / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x / 2 * (1 + torch.erf(x))


@wrong(
    "gelu",
    "Your function seems to return the probability alone. It is multiplied by x.",
)
def probability_alone(x, approximate=False):
    if approximate:
        return (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2
    return (1 + torch.erf(x / math.sqrt(2))) / 2


@wrong(
    "gelu",
    "The cube in your approximation seems to be a square, or its factor is another one. It is 0.044715 times x to the third power.",
)
def square_for_cube(x, approximate=False):
    if approximate:
        return x / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**2)))
    return x / 2 * (1 + torch.erf(x / math.sqrt(2)))


@wrong(
    "gelu",
    "Inside of your tanh, the factor seems to be 2 / pi without the square root.",
)
def root_of_two_over_pi_missing(x, approximate=False):
    if approximate:
        return x / 2 * (1 + torch.tanh(2 / math.pi * (x + 0.044715 * x**3)))
    return x / 2 * (1 + torch.erf(x / math.sqrt(2)))


@wrong(
    "gelu",
    "Your function is ReLU. GELU is smooth, and lets a little of the negative numbers through.",
)
def relu_for_gelu(x, approximate=False):
    return torch.relu(x)


# 5.9 feed_forward


@wrong(
    "feed_forward",
    "There seems to be no activation between the two layers. Two linear layers in a row are one linear layer.",
)
def no_activation(x, W1, b1, W2, b2):
    return (x @ W1 + b1) @ W2 + b2


@wrong(
    "feed_forward",
    "Your gelu seems to stand after the second layer. It belongs between the two.",
)
def activation_at_the_end(x, W1, b1, W2, b2):
    y = (x @ W1 + b1) @ W2 + b2
    return y / 2 * (1 + torch.erf(y / math.sqrt(2)))


@wrong(
    "feed_forward",
    "There seems to be a gelu after the second layer, too. There is only one, between the two layers.",
)
def activation_twice(x, W1, b1, W2, b2):
    h = x @ W1 + b1
    y = (h / 2 * (1 + torch.erf(h / math.sqrt(2)))) @ W2 + b2
    return y / 2 * (1 + torch.erf(y / math.sqrt(2)))


@wrong(
    "feed_forward",
    "Your activation seems to be ReLU. The contract asks for the exact gelu.",
)
def relu_between(x, W1, b1, W2, b2):
    return torch.relu(x @ W1 + b1) @ W2 + b2


@wrong(
    "feed_forward",
    "Your gelu seems to be the approximation with tanh. The contract asks for the exact one.",
)
def approximate_between(x, W1, b1, W2, b2):
    h = x @ W1 + b1
    return (h / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h**3)))) @ W2 + b2


@wrong(
    "feed_forward",
    "Your gelu seems to be the approximation with a sigmoid. The contract asks for the exact one.",
)
def sigmoid_between(x, W1, b1, W2, b2):
    h = x @ W1 + b1
    return (h * torch.sigmoid(1.702 * h)) @ W2 + b2


@wrong(
    "feed_forward",
    "The first bias, b1, seems to be left out.",
)
def first_bias_missing(x, W1, b1, W2, b2):
    h = x @ W1
    return (h / 2 * (1 + torch.erf(h / math.sqrt(2)))) @ W2 + b2


@wrong(
    "feed_forward",
    "The second bias, b2, seems to be left out.",
)
def second_bias_missing(x, W1, b1, W2, b2):
    h = x @ W1 + b1
    return (h / 2 * (1 + torch.erf(h / math.sqrt(2)))) @ W2


@wrong(
    "feed_forward",
    "Your first bias seems to be added after the gelu. It belongs to the first layer, before the gelu.",
)
def bias_after_activation(x, W1, b1, W2, b2):
    h = x @ W1
    return (h / 2 * (1 + torch.erf(h / math.sqrt(2))) + b1) @ W2 + b2


@wrong(
    "feed_forward",
    "Your network mixes positions. Each goes through it alone.",
)
def positions_mixed(x, W1, b1, W2, b2):
    h = x @ W1 + b1
    h = h + h.mean(dim=1, keepdim=True) - h.mean(dim=(0, 1), keepdim=True)
    return (h / 2 * (1 + torch.erf(h / math.sqrt(2)))) @ W2 + b2


@wrong(
    "feed_forward",
    "Your result includes x: the residual connection belongs to the block, in exercise 5.10.",
)
def with_residual(x, W1, b1, W2, b2):
    h = x @ W1 + b1
    return x + (h / 2 * (1 + torch.erf(h / math.sqrt(2)))) @ W2 + b2


@wrong(
    "feed_forward",
    "Your result has lost its axes: x of shape (B, T, C) gives a result of shape (B, T, C).",
)
def axes_flattened(x, W1, b1, W2, b2):
    h = x.reshape(-1, x.shape[-1]) @ W1 + b1
    return (h / 2 * (1 + torch.erf(h / math.sqrt(2)))) @ W2 + b2


@wrong(
    "feed_forward",
    "Your network works for a hidden layer of 4 C units alone. Take the sizes from the weights.",
)
def four_times_only(x, W1, b1, W2, b2):
    h = (x @ W1 + b1).view(*x.shape[:-1], 4 * x.shape[-1])
    return (h / 2 * (1 + torch.erf(h / math.sqrt(2)))) @ W2 + b2


# 5.10 Block


@wrong(
    "Block",
    "Your block normalises the sum, after each branch: post-norm. Here the norm comes before the branch, and the stream itself is never normalised.",
)
class PostNorm(Block):
    def forward(self, x):
        x = self.ln1(x + self.attn(x))
        return self.ln2(x + self.mlp(x))


@wrong(
    "Block",
    "The attention branch seems to replace the stream. It is added to it: the first residual connection is missing.",
)
class FirstResidualMissing(Block):
    def forward(self, x):
        x = self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(x))


@wrong(
    "Block",
    "The feed-forward branch seems to replace the stream. It is added to it: the second residual connection is missing.",
)
class SecondResidualMissing(Block):
    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return self.mlp(self.ln2(x))


@wrong(
    "Block",
    "There seems to be no residual connection. Each branch adds to the stream.",
)
class NoResidual(Block):
    def forward(self, x):
        return self.mlp(self.ln2(self.attn(self.ln1(x))))


@wrong(
    "Block",
    "Both branches seem to use the same norm. ln1 belongs to attention, ln2 to the feed-forward network.",
)
class SharedNorm(Block):
    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln1(x))


@wrong(
    "Block",
    "Your two norms seem to be exchanged. ln1 belongs to attention, ln2 to the feed-forward network.",
)
class NormsExchanged(Block):
    def forward(self, x):
        x = x + self.attn(self.ln2(x))
        return x + self.mlp(self.ln1(x))


@wrong(
    "Block",
    "Your feed-forward network seems to read what came into the block, not what attention has added to it.",
)
class SecondBranchReadsOldX(Block):
    def forward(self, x):
        return x + self.attn(self.ln1(x)) + self.mlp(self.ln2(x))


@wrong(
    "Block",
    "The result of your feed-forward network seems to be added to what came into the block. What attention has added is lost.",
)
class SecondSumUsesOldX(Block):
    def forward(self, x):
        y = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(y))


@wrong(
    "Block",
    "Your residual connection seems to add the normalised stream. The stream itself goes past the branch, as it is.",
)
class ResidualFromTheNorm(Block):
    def forward(self, x):
        x = self.ln1(x)
        x = x + self.attn(x)
        x = self.ln2(x)
        return x + self.mlp(x)


@wrong(
    "Block",
    "Your branches seem to read the stream without a norm. Each of them reads a normalised copy.",
)
class NoNorms(Block):
    def forward(self, x):
        x = x + self.attn(x)
        return x + self.mlp(x)


@wrong(
    "Block",
    "Your feed-forward network seems to read the stream without its norm, ln2.",
)
class SecondNormMissing(Block):
    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(x)


@wrong(
    "Block",
    "The feed-forward network seems to come before attention. Attention is first.",
)
class FeedForwardFirst(Block):
    def forward(self, x):
        x = x + self.mlp(self.ln2(x))
        return x + self.attn(self.ln1(x))


@wrong(
    "Block",
    "Your block changes the tensor that came in: x += y works in place.",
)
class StreamInPlace(Block):
    def forward(self, x):
        x += self.attn(self.ln1(x))
        x += self.mlp(self.ln2(x))
        return x


# 5.11 GPT


@wrong(
    "GPT",
    "Your position vectors do not seem to enter the stream. Without them a token does not know where it stands.",
)
class NoPositions(GPT):
    def forward(self, idx, targets=None):
        if self.cfg.block_size < idx.shape[1]:
            raise ValueError("too long")
        x = self.wte(idx)
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.ln_f(x))
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "Your position ids seem to be counted on over the rows of the batch, or along the batch. Every row begins at position 0.",
)
class PositionsOfTheBatch(GPT):
    def forward(self, idx, targets=None):
        B, T = idx.shape
        if self.cfg.block_size < T:
            raise ValueError("too long")
        x = self.wte(idx) + self.wpe(torch.arange(B)[:, None] % self.cfg.block_size)
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.ln_f(x))
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "Your position ids seem to be counted on over the rows of the batch, or along the batch. Every row begins at position 0.",
)
class PositionsCountedOn(GPT):
    def forward(self, idx, targets=None):
        B, T = idx.shape
        if self.cfg.block_size < T:
            raise ValueError("too long")
        x = self.wte(idx) + self.wpe(torch.arange(B * T).view(B, T) % self.cfg.block_size)
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.ln_f(x))
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "Your model seems to add the position vectors of the whole context. A shorter text needs only the first T of them.",
)
class AllPositions(GPT):
    def forward(self, idx, targets=None):
        if self.cfg.block_size < idx.shape[1]:
            raise ValueError("too long")
        x = self.wte(idx) + self.wpe(torch.arange(self.cfg.block_size))
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.ln_f(x))
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "Your positions of a shorter text seem to be counted from the end of the context. The first column is position 0.",
)
class PositionsFromTheEnd(GPT):
    def forward(self, idx, targets=None):
        T, most = idx.shape[1], self.cfg.block_size
        if most < T:
            raise ValueError("too long")
        x = self.wte(idx) + self.wpe(torch.arange(most - T, most))
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.ln_f(x))
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "The last layer norm, ln_f, seems to be left out. Nothing has normalised the stream before it meets the head.",
)
class NoFinalNorm(GPT):
    def forward(self, idx, targets=None):
        if self.cfg.block_size < idx.shape[1]:
            raise ValueError("too long")
        x = self.wte(idx) + self.wpe(torch.arange(idx.shape[1]))
        for block in self.blocks:
            x = block(x)
        logits = self.head(x)
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "The layer norm ln_f seems to be used after every block. It stands once, behind the last one.",
)
class NormAfterEachBlock(GPT):
    def forward(self, idx, targets=None):
        if self.cfg.block_size < idx.shape[1]:
            raise ValueError("too long")
        x = self.wte(idx) + self.wpe(torch.arange(idx.shape[1]))
        for block in self.blocks:
            x = self.ln_f(block(x))
        logits = self.head(x)
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "Only one of your blocks seems to be used. The stream goes through all of them, in their order.",
)
class FirstBlockOnly(GPT):
    def forward(self, idx, targets=None):
        if self.cfg.block_size < idx.shape[1]:
            raise ValueError("too long")
        x = self.wte(idx) + self.wpe(torch.arange(idx.shape[1]))
        x = self.blocks[0](x)
        logits = self.head(self.ln_f(x))
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "Every one of your blocks seems to read the embeddings. A block reads what the block before it has made.",
)
class BlocksSideBySide(GPT):
    def forward(self, idx, targets=None):
        if self.cfg.block_size < idx.shape[1]:
            raise ValueError("too long")
        x = y = self.wte(idx) + self.wpe(torch.arange(idx.shape[1]))
        for block in self.blocks:
            y = block(x)
        logits = self.head(self.ln_f(y))
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "Your model seems to add the stream to the output of each block. The residual connections are inside of the block already.",
)
class ResidualTwice(GPT):
    def forward(self, idx, targets=None):
        if self.cfg.block_size < idx.shape[1]:
            raise ValueError("too long")
        x = self.wte(idx) + self.wpe(torch.arange(idx.shape[1]))
        for block in self.blocks:
            x = x + block(x)
        logits = self.head(self.ln_f(x))
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "Your loss shifts the targets by one place. They are shifted already: targets[b, t] is the token after idx[b, t].",
)
class TargetsShiftedAgain(GPT):
    def forward(self, idx, targets=None):
        logits, _ = super().forward(idx)
        if targets is None or idx.shape[1] == 1:
            return logits, None
        return logits, F.cross_entropy(logits[:, :-1].flatten(0, 1), targets[:, 1:].flatten())


@wrong(
    "GPT",
    "Your loss seems to compare the logits with idx, the input. The targets are what comes next.",
)
class LossOfTheInput(GPT):
    def forward(self, idx, targets=None):
        logits, _ = super().forward(idx)
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), idx.flatten())


@wrong(
    "GPT",
    "Your logits seem to be flattened in another order than your targets, or reshaped to (B, V, T) without exchanging axes. A reshape moves no number.",
)
class ReshapedForTheLoss(GPT):
    def forward(self, idx, targets=None):
        logits, _ = super().forward(idx)
        if targets is None:
            return logits, None
        B, T, V = logits.shape
        return logits, F.cross_entropy(logits.reshape(B, V, T), targets)


@wrong(
    "GPT",
    "Your logits seem to be flattened in another order than your targets, or reshaped to (B, V, T) without exchanging axes. A reshape moves no number.",
)
class TargetsTransposed(GPT):
    def forward(self, idx, targets=None):
        logits, _ = super().forward(idx)
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.T.flatten())


@wrong(
    "GPT",
    "Your loss seems to be a sum over the predictions. It is their mean.",
)
class SummedLoss(GPT):
    def forward(self, idx, targets=None):
        logits, _ = super().forward(idx)
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum")


@wrong(
    "GPT",
    "Your loss seems to take a softmax of the logits before the cross-entropy, which has one inside. It expects logits.",
)
class SoftmaxTwice(GPT):
    def forward(self, idx, targets=None):
        logits, _ = super().forward(idx)
        if targets is None:
            return logits, None
        return logits, F.cross_entropy(torch.softmax(logits, -1).flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "Your loss seems to look at the last position alone. Every position makes a prediction.",
)
class LossOfTheLastPosition(GPT):
    def forward(self, idx, targets=None):
        logits, _ = super().forward(idx)
        return logits, None if targets is None else F.cross_entropy(logits[:, -1], targets[:, -1])


@wrong(
    "GPT",
    "Without targets your model returns the logits of the last position alone. The contract asks for those of all positions, always.",
)
class LastPositionOnly(GPT):
    def forward(self, idx, targets=None):
        logits, loss = super().forward(idx, targets)
        return (logits, loss) if targets is not None else (logits[:, [-1]], None)


@wrong(
    "GPT",
    "With targets your logits come back flattened. They keep the shape (B, T, vocab_size).",
)
class FlattenedLogits(GPT):
    def forward(self, idx, targets=None):
        logits, loss = super().forward(idx, targets)
        return (logits, loss) if targets is None else (logits.flatten(0, 1), loss)


@wrong(
    "GPT",
    "Your model returns probabilities. Logits are asked for: the numbers before the softmax.",
)
class ReturnsProbabilities(GPT):
    def forward(self, idx, targets=None):
        logits, loss = super().forward(idx, targets)
        return torch.softmax(logits, dim=-1), loss


@wrong(
    "GPT",
    "A text that is longer than the context raises no ValueError. Compare T with block_size first: otherwise the tables of positions fail with an error that tells nothing.",
)
class TooLongNotRejected(GPT):
    def forward(self, idx, targets=None):
        x = self.wte(idx) + self.wpe(torch.arange(idx.shape[1]))
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.ln_f(x))
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "A text that is too long seems to be cut, silently. The contract asks for a ValueError.",
)
class TooLongCut(GPT):
    def forward(self, idx, targets=None):
        idx = idx[:, -self.cfg.block_size :]
        return super().forward(idx, None if targets is None else targets[:, -self.cfg.block_size :])


@wrong(
    "GPT",
    "A text that just fills the context is refused. T may be equal to block_size.",
)
class FullContextRefused(GPT):
    def forward(self, idx, targets=None):
        if idx.shape[1] >= self.cfg.block_size:
            raise ValueError("too long")
        return super().forward(idx, targets)


@wrong(
    "GPT",
    "Your head has a copy of the token embedding, and not the embedding itself. As soon as one of them is trained, they are different: a tied weight is one and the same parameter.",
)
class TiedByCopy(GPT):
    def __init__(self, cfg):
        super().__init__(cfg)
        if cfg.tied:
            self.head.weight = nn.Parameter(self.wte.weight.detach().clone())

    def forward(self, idx, targets=None):
        return super().forward(idx, targets)


@wrong(
    "GPT",
    "Your head uses the token embedding although the model is not tied. Then its own weight is never used.",
)
class AlwaysTied(GPT):
    def forward(self, idx, targets=None):
        if self.cfg.block_size < idx.shape[1]:
            raise ValueError("too long")
        x = self.wte(idx) + self.wpe(torch.arange(idx.shape[1]))
        for block in self.blocks:
            x = block(x)
        logits = self.ln_f(x) @ self.wte.weight.T
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


@wrong(
    "GPT",
    "Your loss has no gradient: it seems to be a plain number, or to be computed without recording gradients. Nothing can be learnt from it.",
)
class LossWithoutGradient(GPT):
    def forward(self, idx, targets=None):
        logits, loss = super().forward(idx, targets)
        return logits, None if loss is None else loss.detach()


@wrong(
    "GPT",
    "Your sum of embeddings seems to be multiplied by the square root of the number of channels. The first transformer did so; here the stream begins with the sum as it is.",
)
class EmbeddingsScaled(GPT):
    def forward(self, idx, targets=None):
        if self.cfg.block_size < idx.shape[1]:
            raise ValueError("too long")
        x = self.wte(idx) * math.sqrt(self.cfg.n_embd) + self.wpe(torch.arange(idx.shape[1]))
        for block in self.blocks:
            x = block(x)
        logits = self.head(self.ln_f(x))
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())


# 5.12 get_batch


@wrong(
    "get_batch",
    "Your targets are the inputs. A target is the token that comes next: y is x moved by one place.",
)
def targets_are_the_inputs(data, B, T, rng):
    x, _ = get_batch(data, B, T, rng)
    return x, x.clone()


@wrong(
    "get_batch",
    "Your targets lie two places behind the inputs. A target is the token that comes directly after its input.",
)
def shifted_by_two(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    start = torch.randint(max(len(data) - T - 1, 1), (B,), generator=rng)
    places = start[:, None] + torch.arange(T)
    return data[places], data[(places + 2) % len(data)]


@wrong(
    "get_batch",
    "Your targets are the tokens before the inputs. The model is to predict the one that comes after.",
)
def targets_are_the_tokens_before(data, B, T, rng):
    x, y = get_batch(data, B, T, rng)
    return y, x


@wrong(
    "get_batch",
    "The last window of the text is never drawn. It may start T + 1 tokens before the end: then its last target is the last token.",
)
def last_start_missing(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    start = torch.randint(len(data) - T - 1, (B,), generator=rng)
    places = start[:, None] + torch.arange(T)
    return data[places], data[places + 1]


@wrong(
    "get_batch",
    "The first window of the text is never drawn: place 0 is a start like any other.",
)
def first_start_missing(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    start = torch.randint(1, max(len(data) - T, 2), (B,), generator=rng)
    start = torch.minimum(start, torch.tensor(len(data) - T - 1))
    places = start[:, None] + torch.arange(T)
    return data[places], data[places + 1]


@wrong(
    "get_batch",
    "Some of your windows start so late that there is no room for all their targets. Count how many places leave room for T tokens and one more.",
)
def one_start_too_many(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    start = torch.randint(len(data) - T + 1, (B,), generator=rng)
    x = torch.stack([data[s : s + T] for s in start])
    y = torch.stack([data[s + 1 : s + T + 1] for s in start])
    return x, y


@wrong(
    "get_batch",
    "Your windows start at fixed places, one after the other, and not at random ones.",
)
def windows_in_order(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    start = torch.arange(B) * T % (len(data) - T)
    places = start[:, None] + torch.arange(T)
    return data[places], data[places + 1]


@wrong(
    "get_batch",
    "All windows of a batch start at the same place. Each is drawn for itself.",
)
def one_start_for_all(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    start = torch.randint(len(data) - T, (1,), generator=rng).expand(B)
    places = start[:, None] + torch.arange(T)
    return data[places], data[places + 1]


@wrong(
    "get_batch",
    "The windows of a batch follow each other in the text: only the first one is drawn. Each is drawn for itself.",
)
def neighbouring_windows(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    start = (torch.randint(len(data) - T, (1,), generator=rng) + torch.arange(B)) % (len(data) - T)
    places = start[:, None] + torch.arange(T)
    return data[places], data[places + 1]


@wrong(
    "get_batch",
    "No two windows of a batch ever start at the same place. Each is drawn from all places, whatever the others are; and a batch may have more windows than there are places.",
)
def starts_without_replacement(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    places = len(data) - T
    start = torch.cat([torch.randperm(places, generator=rng) for _ in range(-(-B // places))])[:B]
    index = start[:, None] + torch.arange(T)
    return data[index], data[index + 1]


@wrong(
    "get_batch",
    "Your tokens are drawn one by one. A window is a piece of the text, without gaps.",
)
def scattered_tokens(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    places = torch.randint(len(data) - T, (B, T), generator=rng)
    return data[places], data[places + 1]


@wrong(
    "get_batch",
    "Your random numbers seem to come from PyTorch's global generator. They must come from rng, or nobody can repeat a training.",
)
def global_generator(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    start = torch.randint(len(data) - T, (B,))
    places = start[:, None] + torch.arange(T)
    return data[places], data[places + 1]


@wrong(
    "get_batch",
    "Your function seems to seed the generator itself: every batch is the same one. Use rng as it comes.",
)
def seeds_itself(data, B, T, rng):
    if len(data) < T + 1:
        raise ValueError("short")
    start = torch.randint(len(data) - T, (B,), generator=rng.manual_seed(1337))
    places = start[:, None] + torch.arange(T)
    return data[places], data[places + 1]


@wrong(
    "get_batch",
    "Your target is one token for each window, the one after it. Each of the T tokens has a target of its own.",
)
def one_target_a_window(data, B, T, rng):
    x, y = get_batch(data, B, T, rng)
    return x, y[:, -1]


@wrong(
    "get_batch",
    "A text that is too short raises no ValueError. T tokens and the next one need T + 1.",
)
def short_text_accepted(data, B, T, rng):
    start = torch.randint(len(data) - T, (B,), generator=rng)
    places = start[:, None] + torch.arange(T)
    return data[places], data[places + 1]


@wrong(
    "get_batch",
    "A text of exactly T + 1 tokens is refused. It has room for one window and its targets.",
)
def shortest_text_refused(data, B, T, rng):
    if len(data) <= T + 1:
        raise ValueError("short")
    return get_batch(data, B, T, rng)


# 5.13 estimate_loss


@wrong(
    "estimate_loss",
    "Your function leaves the model in evaluation mode. A training that goes on then has no dropout any more, and nothing reports it. If you do restore the mode: was it read before the model was switched to evaluation?",
)
def leaves_evaluation(model, data, iters, B, T, rng):
    model.eval()
    with torch.no_grad():
        return sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)) / iters


@wrong(
    "estimate_loss",
    "Your function always ends in training mode. A model that was in evaluation mode must stay there: ask in which mode it was before.",
)
def always_trains_on(model, data, iters, B, T, rng):
    model.eval()
    with torch.no_grad():
        loss = sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)) / iters
    model.train()
    return loss


@wrong(
    "estimate_loss",
    "Your model computes in training mode: dropout falsifies the loss. Switch to evaluation mode first.",
)
def in_training_mode(model, data, iters, B, T, rng):
    with torch.no_grad():
        return sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)) / iters


@wrong(
    "estimate_loss",
    "Your function leaves the model in evaluation mode. A training that goes on then has no dropout any more, and nothing reports it. If you do restore the mode: was it read before the model was switched to evaluation?",
)
def mode_read_too_late(model, data, iters, B, T, rng):
    model.eval()
    mode = model.training
    with torch.no_grad():
        loss = sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)) / iters
    model.train(mode)
    return loss


@wrong(
    "estimate_loss",
    "The mode is changed by an assignment to model.training, which does not reach the layers inside. The methods train and eval do.",
)
def mode_assigned(model, data, iters, B, T, rng):
    mode, model.training = model.training, False
    with torch.no_grad():
        loss = sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)) / iters
    model.training = mode
    return loss


@wrong(
    "estimate_loss",
    "Gradients are recorded while the loss is estimated. Nobody needs them, and they cost time and memory.",
)
def gradients_recorded(model, data, iters, B, T, rng):
    mode = model.training
    model.eval()
    loss = sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)) / iters
    model.train(mode)
    return loss


@wrong(
    "estimate_loss",
    "After your function, no gradients are recorded any more: they were switched off for everybody, and not on again. torch.no_grad as a context ends by itself.",
)
def gradients_stay_off(model, data, iters, B, T, rng):
    mode = model.training
    model.eval()
    torch.set_grad_enabled(False)
    loss = sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)) / iters
    model.train(mode)
    return loss


@wrong(
    "estimate_loss",
    "Your function freezes the weights: after it, they do not require gradients any more, and the training stops.",
)
def weights_frozen(model, data, iters, B, T, rng):
    mode = model.training
    model.eval()
    for p in model.parameters():
        p.requires_grad_(False)
    loss = sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)) / iters
    model.train(mode)
    return loss


@wrong(
    "estimate_loss",
    "Your function clears the gradients. They belong to the training, which may be in the middle of collecting them.",
)
def gradients_cleared(model, data, iters, B, T, rng):
    mode = model.training
    model.eval()
    model.zero_grad()
    with torch.no_grad():
        loss = sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)) / iters
    model.train(mode)
    return loss


@wrong(
    "estimate_loss",
    "Your function computes the loss of one batch only. It is the mean over iters batches.",
)
def one_batch_only(model, data, iters, B, T, rng):
    mode = model.training
    model.eval()
    with torch.no_grad():
        loss = model(*get_batch(data, B, T, rng))[1].item()
    model.train(mode)
    return loss


@wrong(
    "estimate_loss",
    "Your function draws one batch, and computes its loss again and again. Draw a new batch each time.",
)
def one_batch(model, data, iters, B, T, rng):
    mode = model.training
    model.eval()
    x, y = get_batch(data, B, T, rng)
    with torch.no_grad():
        loss = sum(model(x, y)[1].item() for _ in range(iters)) / iters
    model.train(mode)
    return loss


@wrong(
    "estimate_loss",
    "Your function returns the sum of the losses. The mean is asked for.",
)
def sum_of_losses(model, data, iters, B, T, rng):
    mode = model.training
    model.eval()
    with torch.no_grad():
        loss = sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters))
    model.train(mode)
    return loss


@wrong(
    "estimate_loss",
    "Your function returns the loss of the last batch. The mean over all batches is asked for.",
)
def last_loss(model, data, iters, B, T, rng):
    mode = model.training
    model.eval()
    with torch.no_grad():
        for _ in range(iters):
            loss = model(*get_batch(data, B, T, rng))[1].item()
    model.train(mode)
    return loss


@wrong(
    "estimate_loss",
    "Your windows do not come from rng: it seems that a generator of your own, or the global one, draws them.",
)
def generator_ignored(model, data, iters, B, T, rng):
    mode = model.training
    model.eval()
    rng = torch.Generator().manual_seed(int(torch.randint(2**31, (1,))))
    with torch.no_grad():
        loss = sum(model(*get_batch(data, B, T, rng))[1].item() for _ in range(iters)) / iters
    model.train(mode)
    return loss


@wrong(
    "estimate_loss",
    "Your B and T seem to be exchanged: B windows of T tokens.",
)
def batch_and_length_exchanged(model, data, iters, B, T, rng):
    mode = model.training
    model.eval()
    with torch.no_grad():
        loss = sum(model(*get_batch(data, T, B, rng))[1].item() for _ in range(iters)) / iters
    model.train(mode)
    return loss


# 5.14 count_parameters, flops_per_token


@wrong(
    "count_parameters",
    "A tied head seems to be counted twice. Its weight is that of the token embedding, and is counted there.",
)
def tied_head_counted_twice(V, T, C, H, L, tied=True, bias=True):
    block = 12 * C * C + (9 * C if bias else 0) + 2 * (2 * C if bias else C)
    return 2 * V * C + T * C + L * block + (2 * C if bias else C)


@wrong(
    "count_parameters",
    "The head of an untied model seems to be left out. It has a weight of its own, V times C.",
)
def untied_head_left_out(V, T, C, H, L, tied=True, bias=True):
    block = 12 * C * C + (9 * C if bias else 0) + 2 * (2 * C if bias else C)
    return V * C + T * C + L * block + (2 * C if bias else C)


@wrong(
    "count_parameters",
    "The biases of the linear layers seem to be left out. With bias=True each has one, as long as its output.",
)
def biases_left_out(V, T, C, H, L, tied=True, bias=True):
    return V * C * (1 if tied else 2) + T * C + (2 * L + 1) * (2 * C if bias else C) + L * 12 * C * C


@wrong(
    "count_parameters",
    "The layer norms seem to be left out. Each has a gain and, with bias=True, a bias; there are two in each block and one at the end.",
)
def norms_left_out(V, T, C, H, L, tied=True, bias=True):
    return V * C * (1 if tied else 2) + T * C + L * (12 * C * C + (9 * C if bias else 0))


@wrong(
    "count_parameters",
    "The last layer norm, behind the blocks, seems to be left out.",
)
def last_norm_left_out(V, T, C, H, L, tied=True, bias=True):
    block = 12 * C * C + (9 * C if bias else 0) + 2 * (2 * C if bias else C)
    return V * C * (1 if tied else 2) + T * C + L * block


@wrong(
    "count_parameters",
    "With bias=False your layer norms seem to keep their bias. Only the gain is left.",
)
def norms_keep_their_bias(V, T, C, H, L, tied=True, bias=True):
    return V * C * (1 if tied else 2) + T * C + L * (12 * C * C + (9 * C if bias else 0)) + (2 * L + 1) * 2 * C


@wrong(
    "count_parameters",
    "With bias=False your layer norms seem to have no parameters at all. The gain is left.",
)
def norms_lose_their_gain(V, T, C, H, L, tied=True, bias=True):
    norms = (2 * L + 1) * 2 * C if bias else 0
    return V * C * (1 if tied else 2) + T * C + L * (12 * C * C + (9 * C if bias else 0)) + norms


@wrong(
    "count_parameters",
    "The argument bias seems to be ignored.",
)
def bias_ignored(V, T, C, H, L, tied=True, bias=True):
    return V * C * (1 if tied else 2) + T * C + L * (12 * C * C + 13 * C) + 2 * C


@wrong(
    "count_parameters",
    "Your count depends on the number of heads. The heads share the C channels out among themselves; more of them does not mean more weights.",
)
def counted_for_each_head(V, T, C, H, L, tied=True, bias=True):
    block = 3 * C * C * H + 9 * C * C + (9 * C if bias else 0) + 2 * (2 * C if bias else C)
    return V * C * (1 if tied else 2) + T * C + L * block + (2 * C if bias else C)


@wrong(
    "count_parameters",
    "Your count depends on the number of heads. The heads share the C channels out among themselves; more of them does not mean more weights.",
)
def only_one_head_counted(V, T, C, H, L, tied=True, bias=True):
    block = 3 * C * C // H + 9 * C * C + (9 * C if bias else 0) + 2 * (2 * C if bias else C)
    return V * C * (1 if tied else 2) + T * C + L * block + (2 * C if bias else C)


@wrong(
    "count_parameters",
    "The table of positions seems to be left out. Learned positions are parameters, T times C of them.",
)
def positions_left_out(V, T, C, H, L, tied=True, bias=True):
    block = 12 * C * C + (9 * C if bias else 0) + 2 * (2 * C if bias else C)
    return V * C * (1 if tied else 2) + L * block + (2 * C if bias else C)


@wrong(
    "count_parameters",
    "The output projection of attention seems to be left out.",
)
def projection_left_out(V, T, C, H, L, tied=True, bias=True):
    block = 11 * C * C + (8 * C if bias else 0) + 2 * (2 * C if bias else C)
    return V * C * (1 if tied else 2) + T * C + L * block + (2 * C if bias else C)


@wrong(
    "count_parameters",
    "Your untied head seems to have a bias. It has none.",
)
def head_with_a_bias(V, T, C, H, L, tied=True, bias=True):
    block = 12 * C * C + (9 * C if bias else 0) + 2 * (2 * C if bias else C)
    head = 0 if tied else V * C + (V if bias else 0)
    return V * C + T * C + L * block + (2 * C if bias else C) + head


@wrong(
    "flops_per_token",
    "Your operations count the table of positions. It is looked up and not multiplied: take its T C parameters off.",
)
def positions_multiplied(V, T, C, H, L):
    return 6 * (V * C + T * C + L * (12 * C * C + 13 * C) + 2 * C) + 12 * L * C * T


@wrong(
    "flops_per_token",
    "The products of attention seem to be left out: queries with keys, and weights with values.",
)
def attention_left_out(V, T, C, H, L):
    return 6 * (V * C + L * (12 * C * C + 13 * C) + 2 * C)


@wrong(
    "flops_per_token",
    "Your operations seem to be those of the forward pass alone, 2 for each parameter. A training step has a backward pass, which costs twice as much again.",
)
def forward_alone(V, T, C, H, L):
    return 2 * (V * C + L * (12 * C * C + 13 * C) + 2 * C) + 4 * L * C * T


@wrong(
    "flops_per_token",
    "The products of attention seem to be counted for all T positions together. The count is for each token, which meets T keys.",
)
def attention_of_the_whole_text(V, T, C, H, L):
    return 6 * (V * C + L * (12 * C * C + 13 * C) + 2 * C) + 12 * L * C * T * T


@wrong(
    "flops_per_token",
    "The table of token embeddings seems to be taken off, too. In a tied model it is the matrix of the head, and is multiplied.",
)
def embeddings_taken_off(V, T, C, H, L):
    return 6 * (L * (12 * C * C + 13 * C) + 2 * C) + 12 * L * C * T


@wrong(
    "flops_per_token",
    "The part of attention seems to be multiplied by the number of heads. The heads share the C channels.",
)
def attention_for_each_head(V, T, C, H, L):
    return 6 * (V * C + L * (12 * C * C + 13 * C) + 2 * C) + 12 * L * C * T * H


# 5.15 padding_mask, cross_attention


@wrong(
    "padding_mask",
    "Your padding mask is True where there is padding. Here True means: a real token.",
)
def true_means_padding(lengths, T):
    if ((lengths < 0) | (lengths > T)).any():
        raise ValueError("lengths")
    return torch.arange(T) >= lengths[:, None]


@wrong(
    "padding_mask",
    "Your padding mask marks one place too many. A text of n tokens fills the places 0 to n - 1.",
)
def one_place_too_many(lengths, T):
    if ((lengths < 0) | (lengths > T)).any():
        raise ValueError("lengths")
    return torch.arange(T) <= lengths[:, None]


@wrong(
    "padding_mask",
    "Your padding seems to stand in front of the text. The tokens stand at the first places, and the padding behind them.",
)
def padding_in_front(lengths, T):
    if ((lengths < 0) | (lengths > T)).any():
        raise ValueError("lengths")
    return torch.arange(T) >= T - lengths[:, None]


@wrong(
    "padding_mask",
    "Your padding mask is as long as the longest text of the batch. It has T places.",
)
def as_long_as_the_longest(lengths, T):
    if ((lengths < 0) | (lengths > T)).any():
        raise ValueError("lengths")
    return torch.arange(int(lengths.max())) < lengths[:, None]


@wrong(
    "padding_mask",
    "Your padding mask holds numbers. It says True or False, with the dtype torch.bool.",
)
def padding_as_numbers(lengths, T):
    if ((lengths < 0) | (lengths > T)).any():
        raise ValueError("lengths")
    return (torch.arange(T) < lengths[:, None]).float()


@wrong(
    "padding_mask",
    "Lengths outside of 0 to T raise no ValueError.",
)
def any_length(lengths, T):
    return torch.arange(T) < lengths[:, None]


@wrong(
    "padding_mask",
    "A length of T, or of 0, is refused. A text may fill all its places, and it may be empty.",
)
def full_text_refused(lengths, T):
    if ((lengths < 0) | (lengths >= T)).any():
        raise ValueError("lengths")
    return torch.arange(T) < lengths[:, None]


@wrong(
    "padding_mask",
    "Your padding mask is transposed: rows are texts, columns are places.",
)
def padding_transposed(lengths, T):
    if ((lengths < 0) | (lengths > T)).any():
        raise ValueError("lengths")
    return torch.arange(T)[:, None] < lengths


@wrong(
    "cross_attention",
    "Your keys and values seem to come from x. In cross-attention x asks and the memory answers.",
)
def keys_from_x(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    mask = None if mem_mask is None or mem_mask.shape[1] != x.shape[1] else mem_mask[:, None, :]
    heads = [attention(x @ Wq[h], x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "Your values seem to come from x, although the keys come from the memory. Keys and values belong together: both come from the memory.",
)
def values_from_x(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    mask = None if mem_mask is None else mem_mask[:, None, :]
    source = torch.cat([x] * (1 + mem.shape[1] // x.shape[1]), dim=1)[:, : mem.shape[1]]
    heads = [attention(x @ Wq[h], mem @ Wk[h], source @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "Your queries seem to come from the memory. The text x asks, and there is one output for each of its positions.",
)
def roles_exchanged(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    mask = None if mem_mask is None else mem_mask[:, :, None]
    heads = [attention(mem @ Wq[h], x @ Wk[h], x @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "Your cross-attention seems to be causal. The memory is known as a whole, so every position may look at all of it.",
)
def causal_over_the_memory(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    mask = torch.ones(x.shape[1], mem.shape[1], dtype=torch.bool).tril()
    mask = mask if mem_mask is None else mask & mem_mask[:, None, :]
    heads = [attention(x @ Wq[h], mem @ Wk[h], mem @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "Your mask seems to be combined with a causal one by OR. Each of the two forbids something, and what one of them forbids is forbidden; and cross-attention has no causal mask at all.",
)
def masks_combined_by_or(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    mask = None
    if mem_mask is not None:
        mask = torch.ones(x.shape[1], mem.shape[1], dtype=torch.bool).tril() | mem_mask[:, None, :]
    heads = [attention(x @ Wq[h], mem @ Wk[h], mem @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "Your mask seems to hide queries, the rows of the scores. It says which tokens of the memory are real, and those are the columns.",
)
def queries_masked(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    T, Tm = x.shape[1], mem.shape[1]
    mask = None
    if mem_mask is not None:
        rows = torch.cat([mem_mask] * (1 + T // Tm), dim=1)[:, :T]
        mask = rows[:, :, None].expand(-1, -1, Tm)
    heads = [attention(x @ Wq[h], mem @ Wk[h], mem @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "Your mask seems to be read the wrong way round: True is a real token.",
)
def memory_mask_inverted(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    mask = None if mem_mask is None else ~mem_mask[:, None, :]
    heads = [attention(x @ Wq[h], mem @ Wk[h], mem @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "Your mask seems to be ignored: the padding of the memory gets weight.",
)
def memory_mask_ignored(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    heads = [attention(x @ Wq[h], mem @ Wk[h], mem @ Wv[h])[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "The padding seems to be set to 0 in the memory, before the attention. A key of zeros has the score 0, and gets weight like any other.",
)
def padding_set_to_zero(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    mem = mem if mem_mask is None else mem * mem_mask[:, :, None]
    heads = [attention(x @ Wq[h], mem @ Wk[h], mem @ Wv[h])[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "All texts of the batch seem to share the mask of the first one. Each has its own padding.",
)
def mask_of_the_first_text(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    mask = None if mem_mask is None else mem_mask[0]
    heads = [attention(x @ Wq[h], mem @ Wk[h], mem @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "Your scores seem to be divided by the square root of C, or not at all. Each head is scaled by the square root of its d.",
)
def cross_scaled_by_channels(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    mask, ratio = None if mem_mask is None else mem_mask[:, None, :], math.sqrt(Wq.shape[-1] / x.shape[-1])
    heads = [attention(x @ Wq[h] * ratio, mem @ Wk[h], mem @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo


@wrong(
    "cross_attention",
    "Your scores seem to be divided by the square root of C, or not at all. Each head is scaled by the square root of its d.",
)
def cross_unscaled(x, mem, Wq, Wk, Wv, Wo, mem_mask=None):
    mask, root = None if mem_mask is None else mem_mask[:, None, :], math.sqrt(Wq.shape[-1])
    heads = [attention(x @ Wq[h] * root, mem @ Wk[h], mem @ Wv[h], mask)[0] for h in range(len(Wq))]
    return torch.cat(heads, dim=-1) @ Wo
