// Five layers at their first step: what the size of the initial weights does to activations and gradients.

export const [LAYERS, UNITS, EXAMPLES] = [5, 100, 50];
export const USUAL = { tanh: 5 / 3, relu: Math.SQRT2 };
const NEARLY_ONE = 0.97; // a tanh beyond has a slope below 1 − 0.97² = 0.06

const normals = (seed, count) => Float64Array.from({ length: count }, (_, i) => normalNumber(seed, i));
let drawn = null;
/** The same numbers for every setting: inputs, weights before scaling, and a gradient that arrives at the top. */
function numbers() {
  drawn ??= {
    inputs: normals(1, EXAMPLES * UNITS),
    weights: Array.from({ length: LAYERS }, (_, layer) => normals(10 + layer, UNITS * UNITS)),
    arriving: normals(2, EXAMPLES * UNITS),
  };
  return drawn;
}

const ACTIVATIONS = {
  tanh: { f: Math.tanh, slope: (h) => 1 - h * h },
  relu: { f: (a) => Math.max(a, 0), slope: (h) => (h > 0 ? 1 : 0) },
};

/** X (EXAMPLES, UNITS) times W (UNITS, UNITS), or times its transpose. */
function times(x, w, transposed = false) {
  const out = new Float64Array(EXAMPLES * UNITS);
  for (let n = 0; n < EXAMPLES; n += 1) {
    for (let i = 0; i < UNITS; i += 1) {
      for (let j = 0; j < UNITS; j += 1) {
        if (transposed) out[n * UNITS + i] += x[n * UNITS + j] * w[i * UNITS + j];
        else out[n * UNITS + j] += x[n * UNITS + i] * w[i * UNITS + j];
      }
    }
  }
  return out;
}

/** What stands before the normal numbers in each weight. */
export const factor = ({ gain, scaled }) => (scaled ? gain / Math.sqrt(UNITS) : gain);

/** Activations h of each layer, and for each the gradient of its input a, where h = f(a) and a = (h before) W. */
export function experiment(state) {
  const { inputs, weights, arriving } = numbers();
  const { f, slope } = ACTIVATIONS[state.activation];
  const size = factor(state);
  const activations = [];
  for (const w of weights) activations.push(times(activations.at(-1) ?? inputs, w).map((sum) => f(size * sum)));
  const gradients = [];
  let upstream = arriving;
  for (let layer = LAYERS - 1; layer >= 0; layer -= 1) {
    const h = activations[layer];
    gradients.unshift(upstream.map((g, i) => g * slope(h[i])));
    upstream = times(gradients[0], weights[layer], true).map((sum) => size * sum);
  }
  return { activations, gradients };
}

export function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

const share = (values, holds) => values.reduce((count, value) => count + holds(value), 0) / values.length;

/** For each layer: both standard deviations, and the share of units out of use (saturated, or at 0). */
export function measure(state) {
  const { activations, gradients } = experiment(state);
  const idle = state.activation === "tanh" ? (h) => Math.abs(h) > NEARLY_ONE : (h) => h === 0;
  const layers = activations.map((h, i) => ({ h, g: gradients[i], std: spread(h), idle: share(h, idle), gradient: spread(gradients[i]) }));
  return { layers };
}

const NAMES = { tanh: "tanh", relu: "ReLU" };
const IDLE = { tanh: "saturated", relu: "at 0" };
const two = (value) => formatNumber(value, 2);
const whole = (part) => `${Math.round(100 * part)} %`;
const gainText = (gain) => formatNumber(gain, 3);

/** What the numbers of the five layers say. */
export function describe(state, { layers } = measure(state)) {
  const { gain, activation, scaled } = state;
  const [first, last] = [layers[0], layers.at(-1)];
  const ratio = last.std / first.std;
  const way = ratio < 0.8 ? "falls" : ratio > 1.25 ? "grows" : "stays about the same";
  const setting = `${NAMES[activation]}, ${scaled ? `gain ${gainText(gain)} over √${UNITS}` : `weights of size ${gainText(gain)}, not divided by √${UNITS}`}`;
  const facts = `${setting}: the standard deviation of the activations ${way}, ${two(first.std)} in layer 1 and ${two(last.std)} in layer ${LAYERS}.`;
  const back = first.gradient / last.gradient;
  const through = activation === "tanh" && last.idle > 0.25 ? ", through the few others, whose weights are large" : "";
  const gradient = ` On its way back to layer 1 the gradient ${back < 0.8 ? `shrinks to ${two(back)} of its size` :
    back > 1.25 ? `grows ${two(back)} times${through}` : "keeps its size"}.`;
  return `${facts} ${(activation === "tanh" ? tanhVerdict : reluVerdict)(ratio, last)}${gradient}`;
}

function tanhVerdict(ratio, last) {
  if (last.idle > 0.25) return `${whole(last.idle)} of layer ${LAYERS} is saturated (|h| > ${NEARLY_ONE}); with a slope below 0.06, these units let hardly any gradient through.`;
  if (last.std < 0.05) return "Hardly anything of the input arrives at the top.";
  if (ratio < 0.65) return "Each tanh squeezes what it gets; a gain above 1 makes up for that, and 5/3 is usual.";
  return "The layers treat the signal alike, which is what the gain is for.";
}

function reluVerdict(ratio) {
  if (ratio < 0.5) return "ReLU sets half of everything to 0; a gain of √2 makes up for that.";
  if (ratio > 2) return "Nothing bounds a ReLU: with every layer the numbers grow.";
  return "The gain makes up for the half that ReLU sets to 0.";
}

// --- pictures --------------------------------------------------------------------------------------------------

const [LEFT, RIGHT, TOP, ROW, TALL] = [58, 246, 26, 46, 38];
const HEIGHT = TOP + LAYERS * ROW + 22;
const BINS = 50;

/** How many of the values fall into each of BINS equal parts of the range; what lies outside is not counted. */
export function histogram(values, [low, high]) {
  const counts = new Array(BINS).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * BINS);
    if (value === high) counts[BINS - 1] += 1;
    else if (bin >= 0 && bin < BINS) counts[bin] += 1;
  }
  return counts;
}

/** 1, 2 or 5 times a power of ten, at least `size`. */
export function roundUp(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return [1, 2, 5, 10].find((digit) => digit * power >= size * (1 - 1e-9)) * power;
}


/** One histogram below the other, a row for each layer, each as high as its fullest bin. */
function drawRows(rows, range, heading, colour) {
  const at = (value) => near(LEFT + ((value - range[0]) / (range[1] - range[0])) * (RIGHT - LEFT));
  const wide = (RIGHT - LEFT) / BINS;
  const drawn = rows.map(({ values, notes }, i) => {
    const counts = histogram(values, range);
    const most = Math.max(...counts, 1);
    const floor = TOP + ROW * i + TALL;
    const steps = counts.map((count, bin) => `${bin ? "L" : ""}${near(LEFT + bin * wide)} ${near(floor - (TALL * count) / most)}H${near(LEFT + (bin + 1) * wide)}`);
    return `<path d="M${LEFT} ${floor}L${steps.join("")}V${floor}Z" fill="${colour}"/>` +
      `<path d="M${LEFT} ${floor}H${RIGHT}" stroke="currentColor" stroke-opacity=".45"/>` +
      write(2, floor - 12, `layer ${i + 1}`) +
      notes.map((note, line) => write(RIGHT + 8, floor - (notes.length > 1 ? 20 : 12) + 16 * line, note, { size: 12.5 })).join("");
  });
  const foot = TOP + LAYERS * ROW;
  const ticks = [...new Set([range[0], 0, range[1]])].map((tick) =>
    `<path d="M${at(tick)} ${TOP}V${foot - 3}" stroke="currentColor" stroke-opacity=".13"/>` +
    write(at(tick), foot + 12, formatNumber(tick, 1), { anchor: "middle", size: 12.5 }));
  return write(2, 13, heading) + ticks.join("") + drawn.join("");
}

export function drawActivations(state, { layers } = measure(state)) {
  const tanh = state.activation === "tanh";
  const range = tanh ? [-1, 1] : [0, roundUp(3 * Math.max(...layers.map(({ std }) => std)))];
  const rows = layers.map(({ h, std, idle }) =>
    ({ values: tanh ? h : h.filter((value) => value > 0), notes: [`std ${two(std)}`, `${formatPercent(idle)} ${IDLE[state.activation]}`] }));
  return drawRows(rows, range, tanh ? "activations h" : "activations h above 0", COLOUR.curve);
}

export function drawGradients(state, { layers } = measure(state)) {
  const far = roundUp(2 * Math.max(...layers.map(({ gradient }) => gradient)));
  const rows = layers.map(({ g, gradient }) => ({ values: state.activation === "tanh" ? g : g.filter((value) => value !== 0), notes: [`std ${two(gradient)}`] }));
  return drawRows(rows, [-far, far], `gradients g at the inputs of each ${NAMES[state.activation]}`, COLOUR.estimate);
}

/** For a page without scripts. */
export function still(state) {
  const label = `Histograms of the activations of five layers, one below the other. ${describe(state)}`;
  return stillPicture(drawActivations(state), label, 360, HEIGHT);
}

// --- the widget ------------------------------------------------------------------------------------------------

/** All numbers of the pictures, for eyes that prefer a table and for ears. */
function numbersTable() {
  const heads = ["std of h", "", "std of g"].map((text) => element("th", { scope: "col" }, text));
  const body = element("tbody");
  const table = element("table", { class: "lm-ledger" },
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "layer"), ...heads)), body);
  const show = (state, { layers }) => {
    heads[1].textContent = state.activation === "tanh" ? `|h| > ${NEARLY_ONE}` : "h = 0";
    body.replaceChildren(...layers.map(({ std, idle, gradient }, i) => element("tr", {},
      element("th", { scope: "row" }, String(i + 1)), ...[two(std), formatPercent(idle), two(gradient)].map((text) => element("td", {}, text)))));
  };
  return { node: element("div", { class: "lm-scroll" }, table), show };
}

export function render({ model, el }) {
  return mount({
    model, el,
    title: "How large should the first weights be?",
    names: ["gain", "activation", "scaled"],
    build({ change, read }) {
      const left = picture(360, HEIGHT);
      const right = picture(360, HEIGHT);
      const table = numbersTable();
      const gain = slider("Gain", { min: -1, max: 1, step: 0.02 }, (place) => change({ gain: 10 ** place }));
      const activation = choice("Activation", NAMES, (name) => change({ activation: name }));
      const scaled = checkbox(`divide by √fan-in = √${UNITS}`, (on) => change({ scaled: on }));
      const usual = button("", () => change({ gain: USUAL[read().activation], scaled: true }));

      const draw = (state) => {
        const found = measure(state);
        left.draw(drawActivations(state, found), "Histograms of the activations, layer 1 at the top");
        right.draw(drawGradients(state, found), "Histograms of the gradients, layer 1 at the top");
        table.show(state, found);
        gain.show(Math.log10(state.gain), gainText(state.gain), { ticks: [[-1, "0.1"], [0, "1"], [1, "10"]] });
        activation.show(state.activation);
        scaled.show(state.scaled);
        usual.textContent = state.activation === "tanh" ? "Usual for tanh: 5/3" : "Usual for ReLU: √2";
        return describe(state, found);
      };
      const controls = columns([gain.node, activation.node, scaled.node, element("div", { class: "lm-buttons" }, usual)], [table.node]);
      return { main: left.node, side: right.node, controls, draw };
    },
  });
}

export default { render };
