// Weights of a trained model out of the text in which they travel.

/** The number that 16 bits stand for: 1 of sign, 5 of exponent, 10 of fraction. */
export function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Arrays by name, each { shape, values }, out of { bits, shapes, data }. With 16 bits data holds half-precision
 *  numbers; with 8 it holds for an array of 16 rows or more a half-precision scale of each and then whole numbers. */
export function unpack({ bits, shapes, data }) {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const half = () => halfToNumber(view.getUint16((at += 2) - 2, true));
  return Object.fromEntries(shapes.map(([name, shape]) => {
    const width = shape.at(-1) ?? 1;
    const count = shape.reduce((product, size) => product * size, 1);
    const scales = bits === 8 && count / width >= 16 ? Float64Array.from({ length: count / width }, half) : null;
    const values = Float64Array.from({ length: count }, (_, i) =>
      (scales ? scales[Math.floor(i / width)] * view.getInt8((at += 1) - 1) : half()));
    return [name, { shape, values }];
  }));
}
