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

/** From logits to the distribution that is drawn from: temperature first, then top-k (null: all), then top-p.
 *  Of equal ones the earlier is kept. `before` is softmax at T = 1, `warm` at T; `cumulative` are the running sums of
 *  what top-k left, in the order of `order`; `kept` of them are left in the end, with the probabilities `after`. */
export function distribution(logits, { temperature, topK, topP }) {
  const before = softmax(logits, 1);
  const warm = softmax(logits, temperature);
  const order = logits.map((_, i) => i).sort((i, j) => logits[j] - logits[i] || i - j);
  const count = Math.min(topK ?? order.length, order.length);
  const first = order.slice(0, count);
  const total = first.reduce((sum, i) => sum + warm[i], 0);
  let sum = 0;
  const cumulative = first.map((i) => (sum += warm[i] / total));
  const reached = cumulative.findIndex((part) => part >= topP - 1e-12);
  const kept = topP >= 1 || reached < 0 ? first.filter((i) => warm[i] > 0).length : reached + 1;
  const left = order.slice(0, kept).reduce((part, i) => part + warm[i], 0);
  const after = logits.map(() => 0);
  for (const i of order.slice(0, kept)) after[i] = warm[i] / left;
  return { before, warm, order, cumulative, kept, after };
}

export const HOTTEST = 3;
const temperatureText = (T) => (T === 0 ? "0 (greedy)" : formatNumber(T, 3));

/** What the settings do to the distribution, in words. */
export function describeDistribution({ before, warm, order, kept, after }, { temperature, topK, topP }, labels) {
  const top = order[0];
  const name = quoted(labels[top]);
  if (temperature === 0) {
    const ties = warm.filter((share) => share > 0).length;
    if (ties === 1) return `Greedy: ${name} is the most probable (${formatPercent(before[top])}) and gets everything.`;
  }
  const was = formatPercent(before[top]);
  const is = formatPercent(after[top]);
  const facts = `${name} is the most probable, with ${was}${is === was ? "" : `; now it gets ${is}`}.`;
  const held = order.slice(0, kept).reduce((sum, i) => sum + warm[i], 0);
  const causes = [topK !== null && topK < labels.length ? "top-k" : "", topP < 1 ? "top-p" : ""].filter(Boolean).join(" and ");
  const rest = kept === 1 ? `which holds ${formatPercent(held)}; it gets the rest as well` : `which hold ${formatPercent(held)}; they share the rest`;
  const cut = causes && kept < labels.length ? ` ${causes.replace("top", "Top")} keep${causes.includes("and") ? "" : "s"} ${kept} of ${labels.length}, ${rest}.` : "";
  const disorder = ` The entropy is ${formatNumber(entropy(after), 3)} nats${temperature === 1 && !cut ? "" : `, ${formatNumber(entropy(before), 3)} before`}.`;
  return facts + cut + disorder;
}

export const quoted = (label) => `“${visible(label)}”`;

// --- pictures --------------------------------------------------------------------------------------------------

const SHOWN = 27; // bars

/** The most probable labels, best first: pale bars before, narrow ones after temperature and cuts. */
export function drawDistribution({ before, after, order, kept }, labels, heading) {
  const shown = order.slice(0, SHOWN);
  const most = Math.max(...shown.map((i) => Math.max(before[i], after[i])));
  const step = [0.05, 0.1, 0.2, 0.25].find((one) => most / one <= 4.2) ?? 0.25;
  const ticks = [0, 1, 2, 3, 4].map((i) => step * i).filter((tick) => tick <= Math.max(most, step) * 1.001);
  const view = plane({ x: [-0.7, shown.length - 0.3], y: [0, Math.max(most * 1.06, step)], yTicks: ticks.map((tick) => [tick, `${Math.round(100 * tick)} %`]), yLabel: heading });
  const width = view.X(1) - view.X(0);
  const floor = view.Y(0);
  const bar = (place, share, part, colour, more = "") => (share > 0
    ? `<rect x="${near(view.X(place) - (part * width) / 2)}" y="${view.Y(share)}" width="${near(part * width)}" height="${near(floor - view.Y(share))}" fill="${colour}" ${more}/>` : "");
  const bars = shown.map((i, place) => bar(place, before[i], 0.84, COLOUR.curve, 'fill-opacity=".35"') + bar(place, after[i], 0.46, COLOUR.estimate) +
    write(view.X(place), floor + 15, visible(labels[i]), { anchor: "middle", size: 12, weight: place < kept ? "bold" : "normal" })
      .replace("<text", place < kept ? "<text" : '<text fill-opacity=".55"'));
  const rest = order.slice(SHOWN).reduce((sum, i) => sum + before[i], 0);
  const more = order.length > SHOWN ? write(350, 256, `${order.length - SHOWN} more share ${formatPercent(rest)}`, { anchor: "end", size: 12 }) : "";
  return view.axes + bars.join("") + more;
}

/** The running sums of the probabilities, best first; where they pass top-p, the rest is cut off. */
export function drawCumulative({ order, cumulative, kept }, { topP }) {
  const count = Math.min(order.length, SHOWN);
  const xTicks = [...new Set([1, 5, 10, 15, 20, 25].filter((tick) => tick <= count))];
  const view = plane({ x: [0, count + 0.5], y: [0, 1.08], xTicks, yTicks: [[0, "0 %"], [0.5, "50 %"], [1, "100 %"]], xLabel: "so many of the most probable", yLabel: "probability together" });
  const points = cumulative.slice(0, count).map((sum, i) => [i + 1, sum]);
  const [left, top, width, height] = view.box;
  const edge = Math.min(kept, count) + 0.5;
  const shade = `<rect x="${left}" y="${top}" width="${near(view.X(edge) - left)}" height="${height}" fill="${COLOUR.estimate}" fill-opacity=".13"/>`;
  const line = stroke(view.line([[0, 0], ...points]), COLOUR.curve, 2);
  const dots = points.map(([x, y], i) => dot(view.X(x), view.Y(y), i < kept ? 4 : 2.5, i < kept ? COLOUR.estimate : COLOUR.curve)).join("");
  const level = topP < 1 ? stroke(`M${left} ${view.Y(topP)}h${width}`, COLOUR.truth, 2, 'stroke-dasharray="6 4"') + write(left + width - 4, view.Y(topP) + 17, `top-p = ${formatNumber(topP)}`, { anchor: "end" }) : "";
  const words = `${kept} of ${order.length} kept`;
  const right = view.X(edge) + 8;
  const label = right + 110 < 350 ? write(right, top + height - 12, words) : write(346, top + height - 12, words, { anchor: "end" });
  return shade + view.axes + view.inside(line) + dots + level + label;
}

// --- controls --------------------------------------------------------------------------------------------------

/** Traits in Python's words. */
export const settings = ({ temperature, top_k: topK, top_p: topP }) => ({ temperature, topK, topP });

/** The three sliders; `show(state)` sets them. */
export function decodingControls(count, change) {
  const temperature = slider("Temperature T", { min: 0, max: HOTTEST, step: 0.05 }, (T) => change({ temperature: Math.round(100 * T) / 100 }));
  const k = slider("Top-k", { min: 1, max: count, step: 1 }, (top) => change({ top_k: top < count ? top : null }));
  const p = slider("Top-p", { min: 0.05, max: 1, step: 0.05 }, (top) => change({ top_p: Math.round(100 * top) / 100 }));
  const show = (state) => {
    temperature.show(state.temperature, temperatureText(state.temperature), { ticks: [[0, "0"], [1, "1"], [2, "2"], [3, "3"]] });
    k.show(state.top_k ?? count, state.top_k === null ? `${count} (all)` : String(state.top_k), { ticks: [[1, "1"], [count, "all"]] });
    p.show(state.top_p, state.top_p < 1 ? formatNumber(state.top_p) : "1 (all)", { ticks: [[0.5, "0.5"], [1, "all"]] });
  };
  return { nodes: [temperature.node, k.node, p.node], show };
}
