// Softmax and its temperature: from argmax (T = 0) to uniform (T = infinity).

/** The formula as it stands on paper. In doubles exp overflows above 709.78 and is 0 below -745.13. */
export function naiveSoftmax(z, T = 1) {
  const weights = z.map((value) => Math.exp(value / T));
  const sum = weights.reduce((a, b) => a + b, 0);
  return { weights, shares: weights.map((weight) => weight / sum) };
}

// Places on the slider: -50 is T = 0, 50 is infinity, ten places between double T.
const END = 50;
export const temperatureAt = (place) => (place <= -END ? 0 : place >= END ? Infinity : 2 ** (place / 10));
export const placeOf = (T) => Math.min(Math.max(10 * Math.log2(T), -END), END);

const shifted = ({ logits, shift }) => logits.map((z) => z + shift);
/** JSON has no infinity: it comes as the text "Infinity". */
export const complete = (state) => ({ ...state, temperature: Number(state.temperature) });

/** One sentence or more about what is to be seen. */
export function describe(state) {
  const { words, shift, temperature: T } = state;
  const p = softmax(shifted(state), T);
  const most = Math.max(...p);
  const winners = words.filter((_, i) => p[i] === most).map((word) => `“${word}”`);
  const names = winners.length > 1 ? `${winners.slice(0, -1).join(", ")} and ${winners.at(-1)}` : winners[0];
  const each = winners.length > 1 ? "each get" : "gets";
  const tie = `T = 0: the largest logits tie, so ${names} share it all.`;
  const facts = {
    0: winners.length > 1 ? tie : `T = 0: ${names} gets everything. This is argmax.`,
    Infinity: `T = ∞: all ${p.length} words are equally likely, whatever their logits.`,
  }[T] ?? `At T = ${formatNumber(T, 3)} ${names} ${each} ${formatPercent(most)}.`;
  const disorder = ` The entropy is ${formatNumber(entropy(p), 3)} of at most ${formatNumber(Math.log(p.length), 3)} nats.`;
  const moved = shift === 0 ? "" : ` Adding ${formatNumber(shift)} to every logit changes nothing.`;
  return facts + disorder + moved + (state.naive ? ` ${describeNaive(shifted(state), T)}` : "");
}

function describeNaive(z, T) {
  if (T === 0) return "The naive formula divides by T = 0 and finds no number.";
  const { weights, shares } = naiveSoftmax(z, T);
  if (!shares.some(Number.isNaN)) return "The naive formula does well here.";
  return weights.includes(Infinity)
    ? "The naive exp overflows to ∞, and ∞/∞ is not a number."
    : "The naive exp is rounded to 0 for every word, and 0/0 is not a number.";
}

// --- pictures --------------------------------------------------------------------------------------------------

const ROW = 44;
const TOP = 32;
const heightOf = ({ words }) => TOP + ROW * words.length + 22;

/** A bar for each word, with a thin line where it would end at T = 1. */
export function drawBars(state) {
  const { words, prompt, temperature: T } = state;
  const z = shifted(state);
  const p = softmax(z, T);
  const usual = softmax(z, 1);
  const { weights, shares } = naiveSoftmax(z, T);
  const [left, full] = [76, 202];
  const rows = words.map((word, i) => {
    const y = TOP + ROW * i;
    const tick = left + full * usual[i];
    const naive = `naive: e^(z/T) = ${formatNumber(weights[i], 2)}, share ${formatPercent(shares[i])}`;
    return write(left - 8, y + 15, word, { anchor: "end" }) +
      `<rect x="${left}" y="${y}" width="${full}" height="20" fill="currentColor" fill-opacity=".08"/>` +
      `<rect x="${left}" y="${y}" width="${(full * p[i]).toFixed(2)}" height="20" fill="${COLOUR.curve}"/>` +
      stroke(`M${tick.toFixed(1)} ${y - 3}v26`, "currentColor", 1.5) +
      write(left + full + 8, y + 15, formatPercent(p[i])) +
      (state.naive ? write(left, y + 34, naive, { size: 11.5 }) : "");
  });
  const foot = heightOf(state) - 6;
  return write(2, 13, `“${prompt} …”`) + rows.join("") + stroke(`M${left} ${foot - 12}v16`, "currentColor", 1.5) + write(left + 8, foot, "where the bar ends at T = 1");
}

/** Entropy against temperature; the dot is the temperature of the moment. */
export function drawEntropy(state) {
  const z = shifted(state);
  const most = Math.log(z.length);
  const view = plane({
    x: [-END - 2, END + 2], y: [0, 1.08 * most], xLabel: "temperature T", yLabel: "entropy in nats",
    xTicks: [[-END, "0"], [placeOf(0.1), "0.1"], [0, "1"], [placeOf(10), "10"], [END, "∞"]],
    yTicks: [0, 0.5, 1, 1.5, 2].filter((tick) => tick < most - 0.12).concat([[most, `ln ${z.length}`]]),
  });
  const at = (place) => entropy(softmax(z, temperatureAt(place)));
  const here = placeOf(state.temperature);
  return view.axes + stroke(view.line(linspace(-END, END, 101).map((place) => [place, at(place)])), COLOUR.curve, 2.5) +
    dot(view.X(here), view.Y(entropy(softmax(z, state.temperature))), 6, COLOUR.estimate, 'stroke="currentColor" stroke-width="1.5"');
}

/** For a page without scripts. */
export function still(state) {
  const whole = complete(state);
  return stillPicture(drawBars(whole), describe(whole), 360, heightOf(whole));
}

// --- the widget ------------------------------------------------------------------------------------------------

export function render({ model, el }) {
  return mount({
    model, el,
    title: "Softmax: how warm?",
    names: ["prompt", "words", "logits", "temperature", "shift", "naive"],
    complete,
    build({ change, read }) {
      const { words } = read();
      const bars = picture(360, heightOf({ words }));
      const curve = picture();
      const temperature = slider("Temperature T", { min: -END, max: END, step: 1 }, (place) =>
        change({ temperature: temperatureAt(place) }));
      const shift = slider("Added to every logit", { min: -1000, max: 1000, step: 10 }, (c) => change({ shift: c }));
      const naive = checkbox("show what the naive exp(z/T) would do", (on) => change({ naive: on }));
      const sliders = words.map((word, i) =>
        slider(`“${word}”`, { min: -5, max: 5, step: 0.1 }, (z) => change({ logits: read().logits.with(i, z) })));
      const group = element("fieldset", { class: "lm-group" }, element("legend", { class: "lm-label" }, "Logits z"),
        ...sliders.map(({ node }) => node));

      const draw = (state) => {
        const T = state.temperature;
        const limit = { 0: " (argmax)", Infinity: " (uniform)" }[T] ?? "";
        bars.draw(drawBars(state), "The probability of each word as a bar");
        curve.draw(drawEntropy(state), "Entropy against temperature, rising from left to right");
        temperature.show(placeOf(T), formatNumber(T, 3) + limit, { ticks: [[-END, "0"], [0, "1"], [END, "∞"]] });
        shift.show(state.shift, formatNumber(state.shift));
        naive.show(state.naive);
        sliders.forEach((logit, i) => logit.show(state.logits[i], formatNumber(state.logits[i] + state.shift, 6)));
        return describe(state);
      };
      const controls = columns([temperature.node, shift.node, naive.node], [group]);
      return { main: bars.node, side: curve.node, controls, draw };
    },
  });
}

export default { render };
