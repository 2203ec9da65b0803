// A computational graph of scalars: forward the values, backward the gradients, one step at a time.

// Nodes: an input has a name and a place [x, level]; an operation also the names of its arguments and what it does.
const input = (name, at) => ({ name, at, args: [] });
const shown = (value) => formatNumber(value, 3);
const bracketed = (value, digits = 3) => (value < 0 ? `(${formatNumber(value, digits)})` : formatNumber(value, digits));

/** "a + b = c" with as many digits as make the sum come out: 0.9997 − 1 = −0.0003, not 1 − 1 = −0.0003. */
export function spelledSum(terms) {
  const total = terms.reduce((sum, term) => sum + term, 0);
  const off = (digits) => Math.abs(terms.reduce((sum, term) => sum + Number(term.toPrecision(digits)), 0) - total);
  const digits = [3, 4, 5, 6, 7, 8, 9].find((some) => off(some) <= 0.006 * Math.abs(total) || off(some) < 1e-12) ?? 10;
  const texts = terms.map((term, i) => (i ? bracketed(term, digits) : formatNumber(term, digits)));
  return `${texts.join(" + ")} = ${shown(total)}`;
}

const OPERATIONS = {
  add: { f: (a, b) => a + b, slopes: () => [1, 1], text: (a, b) => `${a} + ${b}` },
  subtract: { f: (a, b) => a - b, slopes: () => [1, -1], text: (a, b) => `${a} − ${b}` },
  multiply: { f: (a, b) => a * b, slopes: ([a, b]) => [b, a], text: (a, b) => `${a} · ${b}` },
  negate: { f: (a) => -a, slopes: () => [-1], text: (a) => `−${a}` },
  addOne: { f: (a) => 1 + a, slopes: () => [1], text: (a) => `1 + ${a}` },
  exp: { f: Math.exp, slopes: (_, out) => [out], text: (a) => `exp ${a}` },
  log: { f: Math.log, slopes: ([a]) => [1 / a], text: (a) => `ln ${a}` },
  invert: { f: (a) => 1 / a, slopes: (_, out) => [-out * out], text: (a) => `1 / ${a}` },
  tanh: { f: Math.tanh, slopes: (_, out) => [1 - out * out], text: (a) => `tanh ${a}` },
};
const node = (name, at, operation, ...args) => ({ name, at, operation, args });

export const EXPRESSIONS = {
  product: {
    text: "(a + b) · c", values: [2, -3, 10],
    nodes: [input("a", [70, 0]), input("b", [180, 0]), input("c", [290, 0]),
      node("d", [125, 1], "add", "a", "b"), node("L", [210, 2], "multiply", "d", "c")],
  },
  twice: {
    text: "(a + b) · c + a: a is used twice", values: [2, -3, 3],
    nodes: [input("a", [50, 0]), input("b", [175, 0]), input("c", [300, 0]),
      node("d", [150, 1], "add", "a", "b"), node("e", [230, 2], "multiply", "d", "c"),
      node("L", [140, 3], "add", "e", "a")],
    note: ({ gradient }, [, , c]) => `a counts in two places, so its gradient is c + 1 = ${shown(c)} + 1 = ${shown(gradient.a)}.`,
  },
  square: {
    text: "a · a + a: a is used three times", values: [3],
    nodes: [input("a", [215, 0]), node("d", [100, 1], "multiply", "a", "a"), node("L", [215, 2], "add", "d", "a")],
    note: ({ gradient }, [a]) => `That is the rule for a² + a: 2a + 1 = 2 · ${bracketed(a)} + 1 = ${shown(gradient.a)}.`,
  },
  neuron: {
    text: "a neuron: tanh(w₁x₁ + w₂x₂ + b)", values: [2, -0.5, 1, 1, 0.8],
    nodes: [input("x₁", [36, 0]), input("w₁", [108, 0]), input("x₂", [180, 0]), input("w₂", [252, 0]), input("b", [324, 0]),
      node("u", [72, 1], "multiply", "x₁", "w₁"), node("v", [216, 1], "multiply", "x₂", "w₂"),
      node("s", [144, 2], "add", "u", "v"), node("n", [232, 3], "add", "s", "b"), node("o", [232, 4], "tanh", "n")],
    note: ({ value }) => `All input gradients carry the factor 1 − o² = ${shown(1 - value.o ** 2)}: a saturated tanh lets little through.`,
  },
  sigmoid: {
    text: "the sigmoid, step by step", values: [-1],
    nodes: [input("z", [180, 0]), node("m", [180, 1], "negate", "z"), node("g", [180, 2], "exp", "m"),
      node("h", [180, 3], "addOne", "g"), node("p", [180, 4], "invert", "h")],
    note: ({ value: { p }, gradient }) => `It agrees with p(1 − p) = ${shown(p)} · ${shown(1 - p)} = ${shown(gradient.z)}.`,
  },
  cross_entropy: {
    text: "cross-entropy: ln(eᵃ + eᵇ) − a", values: [1, 2],
    nodes: [input("a", [70, 0]), input("b", [270, 0]), node("u", [150, 1], "exp", "a"), node("v", [270, 1], "exp", "b"),
      node("s", [210, 2], "add", "u", "v"), node("t", [210, 3], "log", "s"), node("L", [120, 4], "subtract", "t", "a")],
    note: ({ value: { u, v, s }, gradient }) => `Softmax gives a ${shown(u / s)} and b ${shown(v / s)}: the gradients ` +
      `are ${spelledSum([u / s, -1]).replace("+ (−1)", "− 1")} and ${shown(gradient.b)}, probability minus one-hot.`,
  },
};

const isInput = ({ args }) => args.length === 0;

/** Every step after the start: nodes forward, then 1 at the end, then the edges of each node backward. */
export function plan(name) {
  const operations = EXPRESSIONS[name].nodes.filter((one) => !isInput(one)); // they stand in topological order
  const edges = operations.toReversed().flatMap((to) => to.args.map((_, i) => ({ kind: "edge", to, i })));
  return [...operations.map((to) => ({ kind: "node", to })), { kind: "seed", to: operations.at(-1) }, ...edges];
}

/** What is known after so many steps: values and gradients by name, and what each edge has carried. */
export function walk({ expression, values, step }) {
  const { nodes } = EXPRESSIONS[expression];
  const value = Object.fromEntries(nodes.filter(isInput).map(({ name }, i) => [name, values[i]]));
  const gradient = {};
  const parts = Object.fromEntries(nodes.map(({ name }) => [name, []]));
  const carried = [];
  for (const { kind, to, i } of plan(expression).slice(0, step)) {
    const known = to.args.map((name) => value[name]);
    const { f, slopes } = OPERATIONS[to.operation];
    if (kind === "node") value[to.name] = f(...known);
    if (kind === "seed") parts[to.name].push((gradient[to.name] = 1));
    if (kind === "edge") {
      const from = to.args[i];
      const slope = slopes(known, value[to.name])[i];
      const sent = slope * gradient[to.name];
      carried.push({ from, to, i, slope, upstream: gradient[to.name], sent, before: gradient[from] });
      gradient[from] = (gradient[from] ?? 0) + sent;
      parts[from].push(sent);
    }
  }
  return { value, gradient, parts, carried };
}

/** What Python leaves open (None) is what suits the expression. */
export function complete({ expression, values, step }) {
  const { values: usual } = EXPRESSIONS[expression];
  const last = plan(expression).length;
  return { expression, values: values?.length === usual.length ? values : usual, step: Math.min(step ?? last, last) };
}

const formula = (one) => OPERATIONS[one.operation].text(...one.args);
const uses = (name, nodes) => nodes.flatMap(({ args }) => args).filter((arg) => arg === name).length;

/** The step that was just done, in a few words. */
export function describe(state) {
  const { nodes, note } = EXPRESSIONS[state.expression];
  const steps = plan(state.expression);
  const { value, gradient, parts, carried } = walk(state);
  const end = nodes.at(-1).name;
  if (state.step === 0) return "The inputs are known. Step forward: each node computes its value from the nodes above it.";
  const { kind, to } = steps[state.step - 1];
  if (kind === "node") {
    const numbers = OPERATIONS[to.operation].text(...to.args.map((name) => bracketed(value[name])));
    const turn = to.name === end ? ` This is the end of the forward pass: ${end} is known, and all on the way to it.` : "";
    return `Forward: ${to.name} = ${formula(to)} = ${numbers} = ${shown(value[to.name])}.${turn}`;
  }
  if (kind === "seed") return `Backward begins at the end. If ${end} grows by a little, ${end} grows by just as much: its gradient is 1.`;
  const { from, slope, upstream, sent, before } = carried.at(-1);
  const product = `${bracketed(slope)} · ${bracketed(upstream)} = ${shown(sent)}`;
  const told = `Backward from ${to.name} to ${from}: local slope times upstream gradient, ${product}.`;
  const [times, so] = [uses(from, nodes), parts[from].length];
  const sum = before === undefined ? "" : ` ${from} holds ${shown(before)} already, and gradients add up: ` +
    `${spelledSum([before, sent])}.`;
  const part = so < times ? ` ${from} is used ${["", "", "twice", "three times"][times]}, so this is not all of its gradient.` : "";
  if (state.step < steps.length) return told + sum + part;
  return `${told}${sum} Done. ${note?.(walk(state), state.values) ?? "Every input knows how the end changes with it."}`;
}

// --- pictures --------------------------------------------------------------------------------------------------

const [WIDE, HIGH, PITCH] = [68, 54, 92];
const PAPER = "var(--lm-paper, Canvas)";
const heightOf = (expression) => 8 + HIGH + PITCH * Math.max(...EXPRESSIONS[expression].nodes.map(({ at }) => at[1]));
const top = ([, level]) => 4 + PITCH * level;

/** The edge from an argument down to its node, as a path and the place of its label. `i` of `among` parallel edges. */
function route(from, to, i, among) {
  const apart = among > 1 ? (i - (among - 1) / 2) * 34 : 0;
  const lean = Math.max(-22, Math.min(22, (from.at[0] - to.at[0]) * 0.3)) * (among > 1 ? 0.4 : 1) + apart;
  const start = [from.at[0] + apart - (among > 1 ? 15 : 0), top(from.at) + HIGH];
  const end = [to.at[0] + lean, top(to.at)];
  // on a long edge near its end, off the boxes between; on parallel edges at different heights
  const share = among > 1 ? 0.62 - 0.24 * i : to.at[1] - from.at[1] > 1 ? 0.72 : 0.5;
  return { d: `M${start}L${end}`, label: start.map((a, axis) => a + share * (end[axis] - a)) };
}

function drawEdge(from, to, i, now, sent) {
  const among = to.args.filter((arg) => arg === from.name).length;
  const { d, label } = route(from, to, among > 1 ? i : 0, among);
  const active = now && now.to === to && (now.kind === "node" || now.i === i) && now.kind !== "seed";
  const colour = sent ? COLOUR.estimate : active ? COLOUR.curve : "currentColor";
  const line = stroke(d, colour, active ? 3.5 : sent ? 2 : 1.2, sent || active ? "" : 'stroke-opacity=".5"');
  if (!sent) return [line, "", 0];
  const long = active ? `${shown(sent.slope)} · ${shown(sent.upstream)} = ${shown(sent.sent)}` : shown(sent.sent);
  const wide = 7 * long.length + 10;
  const x = Math.min(Math.max(label[0], wide / 2 + 1), 359 - wide / 2);
  const border = active ? `stroke="${COLOUR.estimate}" stroke-width="1.5"` : "";
  const box = `<rect x="${(x - wide / 2).toFixed(1)}" y="${label[1] - 10}" width="${wide}" height="20" rx="5" fill="${PAPER}" ${border}/>`;
  const text = write(x.toFixed(1), label[1] + 4.5, long, { anchor: "middle", size: 12.5 });
  return [line, box + text.replace('"currentColor"', `"${COLOUR.estimate}"`), active ? 1 : 0];
}

function drawNode(one, { value, gradient }, now) {
  const [x, y] = [one.at[0], top(one.at)];
  const from = now?.kind === "edge" ? now.to.args[now.i] : null;
  const fresh = now && (now.kind === "edge" ? from === one.name : now.to === one);
  const colour = now?.kind === "node" ? COLOUR.curve : COLOUR.estimate;
  const frame = fresh ? `stroke="${colour}" stroke-width="3"` : 'stroke="currentColor" stroke-opacity=".55"';
  const line = (row, text, paint) =>
    write(x, y + row, text, { anchor: "middle", size: row === 16 ? 12.5 : 13, weight: row === 16 ? "normal" : "bold" })
      .replace('"currentColor"', `"${paint}"`);
  return `<rect x="${x - WIDE / 2}" y="${y}" width="${WIDE}" height="${HIGH}" rx="7" fill="${PAPER}" ${frame}/>` +
    line(16, isInput(one) ? one.name : `${one.name} = ${formula(one)}`, "currentColor") +
    (one.name in value ? line(32, shown(value[one.name]), COLOUR.curve) : "") +
    (one.name in gradient ? line(47, shown(gradient[one.name]), COLOUR.estimate) : "");
}

/** Boxes with name, value (first number) and gradient (second); on each edge what it has carried back. */
export function drawGraph(state) {
  const { nodes } = EXPRESSIONS[state.expression];
  const known = walk(state);
  const now = plan(state.expression)[state.step - 1];
  const edges = nodes.flatMap((to) => to.args.map((name, i) => {
    const sent = known.carried.find((one) => one.to === to && one.i === i);
    return drawEdge(nodes.find((one) => one.name === name), to, i, now, sent);
  })).sort((one, other) => one[2] - other[2]); // what moves now lies on top
  return edges.map(([line]) => line).join("") + nodes.map((one) => drawNode(one, known, now)).join("") +
    edges.map(([, label]) => label).join("");
}

/** For a page without scripts: all steps done. */
export function still(state) {
  const whole = complete({ ...state, step: null });
  const { text } = EXPRESSIONS[whole.expression];
  const label = `The graph of ${text}, with the value and below it the gradient in every node. ${describe(whole)}`;
  return stillPicture(drawGraph(whole), label, 360, heightOf(whole.expression));
}

// --- the widget ------------------------------------------------------------------------------------------------

const labels = Object.fromEntries(Object.entries(EXPRESSIONS).map(([name, { text }]) => [name, text]));
const MOST_INPUTS = 5;
const PAUSE = 1400; // milliseconds between two steps

/** Values and gradients as a table; where gradients add up, the sum is spelled out. */
function ledger() {
  const body = element("tbody");
  const key = (colour) => {
    const mark = element("span", { class: "lm-key", "aria-hidden": "true" });
    mark.style.background = colour;
    return mark;
  };
  const head = element("tr", {}, element("th", { scope: "col" }, "node"),
    element("th", { scope: "col" }, key(COLOUR.curve), "value"), element("th", { scope: "col" }, key(COLOUR.estimate), "gradient"));
  const table = element("table", { class: "lm-ledger" }, element("thead", {}, head), body);
  const show = (state) => {
    const { value, parts } = walk(state);
    body.replaceChildren(...EXPRESSIONS[state.expression].nodes.map((one) => {
      const { name } = one;
      const terms = parts[name];
      const sum = terms.length > 1 ? spelledSum(terms) : terms.length ? shown(terms[0]) : "";
      return element("tr", {}, element("th", { scope: "row" }, isInput(one) ? name : `${name} = ${formula(one)}`),
        element("td", {}, name in value ? shown(value[name]) : ""), element("td", {}, sum));
    }));
  };
  return { node: element("div", { class: "lm-scroll" }, table), show };
}

export function render({ model, el }) {
  return mount({
    model, el,
    title: "A graph, forward and backward",
    names: ["expression", "values", "step"],
    complete,
    build({ change, read }) {
      const graph = picture(360, 360);
      const table = ledger();
      let timer = 0;
      const last = () => plan(read().expression).length;
      const stop = () => {
        clearInterval(timer);
        timer = 0;
        play.textContent = "Play";
      };
      const advance = () => {
        const next = read().step + 1;
        if (next >= last()) stop();
        if (next <= last()) change({ step: next });
      };
      const fromTheStart = () => {
        if (read().step >= last()) change({ step: 0 });
      };
      const back = button("Back", () => {
        stop();
        change({ step: Math.max(read().step - 1, 0) });
      });
      const one = button("Step", () => {
        stop();
        if (read().step >= last()) fromTheStart();
        else advance();
      });
      const play = button("Play", () => {
        if (timer) return stop();
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) return change({ step: last() });
        fromTheStart();
        play.textContent = "Pause";
        timer = setInterval(advance, PAUSE);
        advance();
      });
      const steps = slider("Steps done", { min: 0, max: 10, step: 1 }, (step) => {
        stop();
        change({ step });
      });
      const expressions = choice("Expression", labels, (expression) => {
        stop();
        change({ expression, values: null, step: 0 });
      });
      const inputs = Array.from({ length: MOST_INPUTS }, (_, i) =>
        slider(`input ${i + 1}`, { min: -4, max: 4, step: 0.1 }, (value) => change({ values: read().values.with(i, value) })));
      const group = element("fieldset", { class: "lm-group" }, element("legend", { class: "lm-label" }, "Inputs"),
        ...inputs.map((knob) => knob.node));

      const draw = (state) => {
        const { expression, values, step } = state;
        const { nodes } = EXPRESSIONS[expression];
        const total = last();
        graph.node.setAttribute("viewBox", `0 0 360 ${heightOf(expression)}`);
        graph.draw(drawGraph(state), `Computational graph of ${labels[expression]} after ${step} of ${total} steps`);
        table.show(state);
        expressions.show(expression);
        const turn = nodes.filter((one) => !isInput(one)).length;
        steps.show(step, `${step} of ${total}`, { range: { max: total }, ticks: [[0, "0"], [turn, "values"], [total, "all"]] });
        inputs.forEach((knob, i) => {
          knob.node.style.display = i < values.length ? "" : "none";
          knob.node.querySelector(".lm-label").textContent = nodes[i]?.name ?? "";
          knob.show(values[i] ?? 0, shown(values[i] ?? 0));
        });
        return describe(state);
      };
      const controls = columns([element("div", { class: "lm-buttons" }, back, one, play), steps.node, expressions.node], [group]);
      return { main: graph.node, side: table.node, controls, draw, stop };
    },
  });
}

export default { render };
