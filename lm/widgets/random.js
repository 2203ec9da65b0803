// Random numbers that come again: the same in every browser, and in Python.

/** The `index`-th number between 0 and 1 of a sequence (mulberry32), so that the same draws can be repeated. */
export function uniformNumber(seed, index) {
  let t = (Math.imul(seed + 1, 0x9e3779b9) + Math.imul(index + 1, 0x6d2b79f5)) | 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

/** The place where the running sum of p passes u. */
export function pick(p, u) {
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) {
    sum += p[i];
    if (u < sum) return i;
  }
  return p.findLastIndex((share) => share > 0); // rounding: the sum may end just below 1
}

/** The `index`-th number of a standard normal distribution (Box and Muller), out of two of the uniform ones. */
export function normalNumber(seed, index) {
  const far = Math.sqrt(-2 * Math.log(1 - uniformNumber(seed, 2 * index)));
  return far * Math.cos(2 * Math.PI * uniformNumber(seed, 2 * index + 1));
}
