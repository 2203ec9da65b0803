// From logits to the next token: softmax with a temperature, top-k, top-p.

/** Probabilities of logits z at temperature T. At 0 the largest share everything, at infinity all are equal. */
export function softmax(z, T = 1) {
  const largest = Math.max(...z);
  if (T === 0) {
    const ties = z.filter((value) => value === largest).length;
    return z.map((value) => (value === largest ? 1 / ties : 0));
  }
  const weights = z.map((value) => Math.exp((value - largest) / T));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** In nats; 0 ln 0 counts as 0. */
export const entropy = (p) => p.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0);
