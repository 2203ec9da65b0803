// The forward pass of the course's small GPT: what lm/gpt.py computes, with the weights that it exports.

const models = new Map();
/** The model of Python's traits; its weights are unpacked once. */
export function languageModel({ weights, heads, characters }) {
  if (!models.has(weights.data)) {
    const arrays = unpack(weights);
    const [size, width] = arrays.token.shape;
    models.set(weights.data, { arrays, heads, characters, size, width, block: arrays.position.shape[0], layers: arrays.qkv.shape[0] });
  }
  return models.get(weights.data);
}

/** The error function by Abramowitz and Stegun's formula 7.1.26, whose error is below 1.5e-7. */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}
const gelu = (x) => 0.5 * x * (1 + erf(x / Math.SQRT2));

/** Part `index` of an array whose first axis is the layer. */
const part = ({ shape, values }, index) => {
  const length = values.length / shape[0];
  return values.subarray(index * length, (index + 1) * length);
};

/** y = x W^T + b for every row of x; W (outputs, inputs). */
function linear(x, W, b) {
  const outputs = b.length;
  const inputs = W.length / outputs;
  const y = new Float64Array((x.length / inputs) * outputs);
  for (let row = 0, at = 0; row < x.length; row += inputs) {
    for (let o = 0, w = 0; o < outputs; o += 1, at += 1) {
      let sum = b[o];
      for (let i = 0; i < inputs; i += 1, w += 1) sum += x[row + i] * W[w];
      y[at] = sum;
    }
  }
  return y;
}

/** Each row of x to mean 0 and variance 1, then times the factor, plus the shift. */
function layerNorm(x, norm) {
  const width = norm.length / 2;
  const y = new Float64Array(x.length);
  for (let row = 0; row < x.length; row += width) {
    const values = x.subarray(row, row + width);
    const mean = values.reduce((sum, value) => sum + value, 0) / width;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    const scale = 1 / Math.sqrt(variance + 1e-5);
    for (let i = 0; i < width; i += 1) y[row + i] = (values[i] - mean) * scale * norm[i] + norm[width + i];
  }
  return y;
}

/** Causal attention of all heads: the mixed values (T, C), and for each head the weights (T rows of T numbers). */
function attend(qkv, count, width, heads) {
  const mixed = new Float64Array(count * width);
  const size = width / heads;
  const at = (position, kind, head) => position * 3 * width + kind * width + head * size;
  const weights = Array.from({ length: heads }, (_, head) => Array.from({ length: count }, (__, i) => {
    const scores = Array.from({ length: i + 1 }, (___, j) => {
      let sum = 0;
      for (let d = 0; d < size; d += 1) sum += qkv[at(i, 0, head) + d] * qkv[at(j, 1, head) + d];
      return sum / Math.sqrt(size);
    });
    const row = softmax(scores);
    row.forEach((weight, j) => {
      for (let d = 0; d < size; d += 1) mixed[i * width + head * size + d] += weight * qkv[at(j, 2, head) + d];
    });
    return [...row, ...new Array(count - i - 1).fill(0)];
  }));
  return { mixed, weights };
}

/** Logits of the character after the last id, and the attention weights by layer, head, row and column. */
export function forward(model, ids) {
  const { arrays, heads, width, size, layers } = model;
  const count = ids.length;
  const x = new Float64Array(count * width);
  ids.forEach((id, t) => {
    for (let c = 0; c < width; c += 1) x[t * width + c] = arrays.token.values[id * width + c] + arrays.position.values[t * width + c];
  });
  const add = (branch) => branch.forEach((value, i) => (x[i] += value));
  const of = (name, layer) => part(arrays[name], layer);
  const attention = [];
  for (let layer = 0; layer < layers; layer += 1) {
    const qkv = linear(layerNorm(x, of("norm1", layer)), of("qkv", layer), of("qkv_bias", layer));
    const { mixed, weights } = attend(qkv, count, width, heads);
    attention.push(weights);
    add(linear(mixed, of("out", layer), of("out_bias", layer)));
    const hidden = linear(layerNorm(x, of("norm2", layer)), of("up", layer), of("up_bias", layer)).map(gelu);
    add(linear(hidden, of("down", layer), of("down_bias", layer)));
  }
  const last = layerNorm(x.subarray((count - 1) * width), arrays.norm.values);
  const logits = [...linear(last, arrays.token.values, new Float64Array(size))];
  return { logits, attention };
}

export const idsOf = ({ characters }, text) => [...text].map((character) => characters.indexOf(character));

/** What a reader may write: characters that the model knows, others in the other case if that is known. */
export const knownText = ({ characters }) => {
  const known = new Set(characters);
  const other = (character) => [character, character.toLowerCase(), character.toUpperCase()].find((one) => known.has(one)) ?? "";
  return (text) => [...text].map(other).join("");
};
