// An MLP that predicts the next character, and the ways to draw from what it says.

const parsed = new Map();
/** The weights as rows, unpacked once. */
export function network(packed) {
  if (!parsed.has(packed.data)) {
    const rows = Object.entries(unpack(packed)).map(([name, { shape, values }]) => {
      const width = shape.at(-1);
      const list = Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
      return [name, shape.length > 1 ? list : list[0]];
    });
    parsed.set(packed.data, Object.fromEntries(rows));
  }
  return parsed.get(packed.data);
}

export const blockSize = ({ C, W1 }) => W1.length / C[0].length;

/** x W + b */
const layer = (x, W, b) => Array.from(b, (bias, j) => x.reduce((sum, value, i) => sum + value * W[i][j], bias));

/** Logits of the next character after the ids of a window: embed, flatten, tanh, output. */
export function logitsAfter({ C, W1, b1, W2, b2 }, window) {
  const flat = window.flatMap((id) => [...C[id]]);
  return layer(layer(flat, W1, b1).map(Math.tanh), W2, b2);
}

/** The last ids of a text, filled up at the left with the mark of the start. */
export function windowOf(text, labels, size) {
  const ids = [...text].map((letter) => labels.indexOf(letter));
  return [...new Array(size).fill(0), ...ids].slice(-size);
}

const predict = ({ net, labels, size }, text) => logitsAfter(net, windowOf(text, labels, size));

const LONGEST = 24;
/** Names that begin with the context; the same seed gives the same random numbers at every setting. */
export function drawNames(state, count = 10) {
  const { labels } = state;
  const known = new Map(); // equal beginnings have equal distributions
  const next = (text) => {
    if (!known.has(text)) known.set(text, distribution(predict(state, text), state).after);
    return known.get(text);
  };
  return Array.from({ length: count }, (_, name) => {
    let text = state.context;
    for (let i = 0; text.length < LONGEST; i += 1) {
      const id = pick(next(text), uniformNumber(16 * state.seed + name, i));
      if (id === 0) return text || "(empty)";
      text += labels[id];
    }
    return `${text}…`;
  });
}

/** Python's traits, and what follows from them. */
export function complete(traits) {
  const { weights, labels, context, seed } = traits;
  const net = network(weights);
  const size = blockSize(net);
  return { ...traits, ...settings(traits), net, size, labels, context, seed };
}

const place = ({ context, labels, size }) => {
  const seen = [...context].slice(-size).join("");
  return context ? `After “${[...context].length > size ? "…" : ""}${seen}”` : `At the start (${quoted(labels[0])})`;
};

export function describe(state, found = distribution(predict(state, state.context), state), names = drawNames(state, 1)) {
  const words = describeDistribution(found, state, state.labels);
  const begin = place(state);
  const sight = [...state.context].length > state.size ? ` The model sees ${state.size === 1 ? "only the last character" : `the last ${state.size} characters only`}.` : "";
  return `${begin}: ${words}${sight} The first of ten names: ${names[0]}.`;
}

export const heading = (state) => `next character ${place(state).replace(/^A/, "a")}`;

/** For a page without scripts. */
export function still(raw) {
  const state = complete(raw);
  const found = distribution(predict(state, state.context), state);
  const label = `Bars: the probabilities of the next character, before (pale) and after temperature, top-k and top-p. ${describe(state, found)}`;
  return stillPicture(drawDistribution(found, state.labels, heading(state)), label);
}

export function render({ model, el }) {
  return mount({
    model, el,
    title: "One model, many ways to draw",
    names: ["weights", "labels", "context", "temperature", "top_k", "top_p", "seed"],
    complete,
    build({ change, read }) {
      const { labels } = read();
      const bars = picture();
      const sums = picture();
      const known = new Set(labels.slice(1));
      const clean = (text) => [...text].map((letter) => (known.has(letter) ? letter : letter.toLowerCase())).filter((letter) => known.has(letter)).join("");
      const context = textField("Beginning of the name", { maxlength: 16, clean, hint: `the model knows ${quoted(labels[1])} to ${quoted(labels.at(-1))}; ${quoted(labels[0])} ends a name` }, (text) => change({ context: text }));
      const controls = decodingControls(labels.length, change);
      const again = button("Draw ten others", () => change({ seed: (read().seed + 1) % 1000 }));
      const words = element("ul", { class: "lm-words" });
      const key = readings([["before: T = 1, nothing cut", COLOUR.curve], ["after", COLOUR.estimate]]);

      const draw = (state) => {
        const found = distribution(predict(state, state.context), state);
        bars.draw(drawDistribution(found, labels, heading(state)), "Bars: the probability of each next character, before and after");
        sums.draw(drawCumulative(found, state), `Running sums of the probabilities, best first: ${found.kept} of ${labels.length} characters are kept`);
        context.show(state.context);
        controls.show(state);
        const top = found.order[0];
        key.show([`${quoted(labels[top])} ${formatPercent(found.before[top])}`, formatPercent(found.after[top])]);
        const names = drawNames(state);
        words.replaceChildren(...names.map((name) => element("li", {}, name)));
        return describe(state, found, names);
      };
      const drawn = element("div", { class: "lm-column" }, element("span", { class: "lm-label" }, "Ten names drawn like this"), words);
      return {
        main: bars.node, side: sums.node, draw,
        controls: columns([context.node, ...controls.nodes], [key.node, drawn, element("div", { class: "lm-buttons" }, again)]),
      };
    },
  });
}

export default { render };
