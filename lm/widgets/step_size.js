// Gradient descent with a step size that the reader chooses, on curves and on surfaces.

const square = (x) => x * x;

// `curvature` is L, the largest second derivative, where it is the same everywhere (the quadratics).
export const LANDSCAPES = {
  parabola: {
    text: "a parabola, x²/2", curvature: 1, x: [-3, 3], y: [-0.5, 4.5],
    loss: ([x]) => square(x) / 2,
    gradient: ([x]) => [x],
    start: [-2.6], stepSize: 1.8, largest: 2.4, unit: 0.01,
  },
  double_well: {
    text: "two valleys, (x² − 1)²/4", x: [-2.2, 2.2], y: [-0.4, 3.2],
    loss: ([x]) => square(x * x - 1) / 4,
    gradient: ([x]) => [x * (x * x - 1)],
    start: [1.9], stepSize: 0.5, largest: 1.5, unit: 0.01,
  },
  bowl: {
    text: "a long bowl, (x² + 10 y²)/2", curvature: 10, x: [-3, 3], y: [-2, 2],
    loss: ([x, y]) => (x * x + 10 * y * y) / 2,
    gradient: ([x, y]) => [x, 10 * y],
    levels: [0.1, 0.5, 1.5, 3.5, 6.5, 10.5, 16], minimum: [0, 0],
    start: [-2.6, 1.2], stepSize: 0.185, largest: 0.24, unit: 0.001,
  },
  valley: {
    text: "a bent valley (Rosenbrock)", x: [-1.8, 1.8], y: [-0.6, 1.8],
    loss: ([x, y]) => square(1 - x) + 5 * square(y - x * x),
    gradient: ([x, y]) => [2 * (x - 1) - 20 * x * (y - x * x), 10 * (y - x * x)],
    levels: [0.15, 0.5, 1.2, 2.5, 5, 10, 18], minimum: [1, 1],
    start: [-1.3, 1.2], stepSize: 0.03, largest: 0.06, unit: 0.0005,
  },
};

const MOST = 60; // steps that are drawn
const PATIENCE = 1000; // steps that are tried before we say that it does not settle
const FLAT = 1e-4; // a gradient shorter than this counts as arrived
const HIGH = 1e6; // a loss above this counts as lost

const length = (vector) => Math.hypot(...vector);
const inner = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** The start and the points after 1, 2, ... `steps` steps against the gradient. */
export function descend({ gradient }, start, stepSize, steps) {
  const path = [start];
  for (let step = 0; step < steps; step += 1) {
    const here = path.at(-1);
    const slope = gradient(here);
    path.push(here.map((value, i) => value - stepSize * slope[i]));
  }
  return path;
}

/** How it ends ("arrives", "diverges", "still"), after how many steps, and how often it overshoots on the way:
 *  a step overshoots where the gradient behind it points against the gradient before it. */
export function observe(landscape, start, stepSize, patience = PATIENCE) {
  let here = start;
  let slope = landscape.gradient(here);
  let overshoots = 0;
  const result = (end, steps) => ({ end, steps, overshoots, here });
  for (let step = 0; step < patience; step += 1) {
    if (length(slope) < FLAT) return result("arrives", step);
    if (!(landscape.loss(here) < HIGH)) return result("diverges", step); // NaN is not below either
    const before = slope;
    [, here] = descend(landscape, here, stepSize, 1);
    slope = landscape.gradient(here);
    if (inner(before, slope) < 0) overshoots += 1;
  }
  return result("still", patience);
}

/** What is drawn, and how it goes on: a few sentences. */
export function describe(state) {
  const landscape = LANDSCAPES[state.landscape];
  const last = descend(landscape, startOf(state), state.step_size, state.steps).at(-1);
  const now = `After ${counted(state.steps)} the loss is ${formatNumber(landscape.loss(last), 3)}.`;
  const result = observe(landscape, startOf(state), state.step_size);
  return `${now} ${leap(state, result) ?? outcome(landscape, result)}${compare(state.step_size, landscape.curvature)}`;
}

const counted = (steps) => `${steps} ${steps === 1 ? "step" : "steps"}`;

function outcome(landscape, { end, steps, overshoots, here }) {
  const bounces = overshoots > steps / 2 && steps > 1;
  const loss = formatNumber(landscape.loss(here), 2);
  const arrival = `the gradient is below 1e−4 after ${counted(steps)}`;
  if (end === "diverges") return `It diverges: the loss passes one million after ${counted(steps)}.`;
  if (end === "still" && bounces) return `It bounces on and on: after ${steps} steps nothing has settled, the loss is ${loss}.`;
  if (end === "still") return `It creeps: after ${steps} steps it has still not arrived, the loss is ${loss}.`;
  if (steps === 0) return "The gradient is 0 here, so nothing moves. Gradient descent rests on every flat point, hilltops included.";
  if (bounces) return `It bounces from side to side, but the bounces shrink: ${arrival}.`;
  const times = { 1: "once", 2: "twice" }[overshoots] ?? `${overshoots} times`;
  if (overshoots > 0) return `It converges after overshooting ${times}: ${arrival}.`;
  return steps > 150 ? `It creeps, but arrives: ${arrival}.` : `It converges without overshooting: ${arrival}.`;
}

/** The two valleys: a long step can end in the other one. Short steps never cross the hilltop at 0. */
function leap({ landscape, x }, { end, steps, here: [last] }) {
  if (landscape !== "double_well" || end !== "arrives" || x * last >= 0) return null;
  return `It jumps over the hill and comes to rest in the other valley, at ${formatNumber(last, 2)}, after ${counted(steps)}.`;
}

function compare(stepSize, L) {
  if (!L || stepSize < 1 / L) return "";
  if (stepSize > 2 / L) return ` The step size is above 2/L = ${formatNumber(2 / L)}.`;
  return stepSize === 1 / L ? " The step size is 1/L." : stepSize === 2 / L ? " The step size is exactly 2/L." :
    ` The step size is between 1/L = ${formatNumber(1 / L)} and 2/L.`;
}

const isCurve = ({ start }) => start.length === 1;
/** What Python leaves open (None) is what suits the landscape. */
export function complete({ landscape, step_size, x, y, steps }) {
  const { start, stepSize } = LANDSCAPES[landscape];
  return { landscape, step_size: step_size ?? stepSize, x: x ?? start[0], y: y ?? start[1] ?? 0, steps };
}

const startOf = ({ landscape, x, y }) => (isCurve(LANDSCAPES[landscape]) ? [x] : [x, y]);

// --- pictures --------------------------------------------------------------------------------------------------

/** Where `f` crosses `level` on a grid of cells: marching squares, as one path. */
export function contour(f, { x, y }, level, view, cells = 80) {
  const xs = linspace(...x, cells + 1);
  const ys = linspace(...y, cells + 1);
  const height = ys.map((b) => xs.map((a) => f([a, b]) - level));
  const pieces = [];
  for (let j = 0; j < cells; j += 1) {
    for (let i = 0; i < cells; i += 1) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const crossings = corners.flatMap(([a, b], k) => {
        const [c, d] = corners[(k + 1) % 4];
        const [from, to] = [height[b][a], height[d][c]];
        if (from < 0 === to < 0) return [];
        const t = from / (from - to);
        return [`${view.X(xs[a] + t * (xs[c] - xs[a]))} ${view.Y(ys[b] + t * (ys[d] - ys[b]))}`];
      });
      for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push(`M${crossings[k]}L${crossings[k + 1]}`);
    }
  }
  return pieces.join("");
}

const backgrounds = new Map(); // the landscape does not change while one descends

function background(name) {
  if (!backgrounds.has(name)) {
    const { x, y, loss, levels, minimum, ...landscape } = LANDSCAPES[name];
    const whole = ([low, high]) => linspace(Math.ceil(low), Math.floor(high), Math.floor(high) - Math.ceil(low) + 1);
    const yLabel = isCurve(landscape) ? "loss" : "y";
    const view = plane({ x, y, xTicks: whole(x), yTicks: whole(y), xLabel: "x", yLabel });
    const drawn = isCurve(landscape)
      ? stroke(view.line(linspace(...x, 161).map((a) => [a, loss([a])])), COLOUR.curve, 2.5)
      : levels.map((level) => stroke(contour(loss, { x, y }, level, view), COLOUR.curve, 1.3, 'stroke-opacity=".7"')).join("") +
        stroke(`M${view.X(minimum[0])} ${view.Y(minimum[1])}m-6 0h12m-6 -6v12`, COLOUR.truth, 2.5);
    backgrounds.set(name, { view, content: view.axes + view.inside(drawn) });
  }
  return backgrounds.get(name);
}

/** The landscape and the path so far. */
export function drawPath(state) {
  const landscape = LANDSCAPES[state.landscape];
  const { view, content } = background(state.landscape);
  const path = descend(landscape, startOf(state), state.step_size, state.steps);
  const points = path.map((point) => (isCurve(landscape) ? [point[0], landscape.loss(point)] : point))
    .filter((point) => point.every(Number.isFinite));
  const places = points.map(([a, b]) => [view.X(a), view.Y(b)]);
  const marks = places.map(([a, b]) => dot(a, b, 3.2, COLOUR.estimate)).join("");
  const line = stroke(view.line(points), COLOUR.estimate, 1.4, 'stroke-opacity=".75"');
  const [last] = places.slice(-1);
  const ends = dot(...places[0], 5, "currentColor") +
    dot(...last, 5.5, COLOUR.estimate, 'stroke="currentColor" stroke-width="1.5"');
  return { content: content + view.inside(line + marks + ends), view, start: places[0] };
}

/** The loss after each step, on a logarithmic axis; a thin line leads on to the steps that are not drawn yet. */
export function drawLosses(state) {
  const landscape = LANDSCAPES[state.landscape];
  const view = plane({
    x: [0, MOST], y: [-12.5, 4.5], xTicks: [0, 20, 40, 60],
    yTicks: [4, 0, -4, -8, -12].map((k) => [k, powerOfTen(k)]), xLabel: "step", yLabel: "loss",
  });
  const level = (loss) => Math.min(Math.max(Math.log10(loss), -20), 20);
  const points = descend(landscape, startOf(state), state.step_size, MOST).map(landscape.loss)
    .filter((loss) => !Number.isNaN(loss)).map((loss, step) => [step, level(loss)]);
  const drawn = points.slice(0, state.steps + 1);
  const marks = drawn.map(([a, b]) => dot(view.X(a), view.Y(b), 2.6, COLOUR.estimate)).join("");
  return view.axes + view.inside(stroke(view.line(points), "currentColor", 1, 'stroke-opacity=".45"') + marks);
}

/** For a page without scripts. */
export function still(state) {
  const whole = complete(state);
  return stillPicture(drawPath(whole).content, describe(whole));
}

// --- the widget ------------------------------------------------------------------------------------------------

const labels = Object.fromEntries(Object.entries(LANDSCAPES).map(([name, { text }]) => [name, text]));
const STEPS_A_SECOND = 8;

export function render({ model, el }) {
  return mount({
    model, el,
    title: "Gradient descent: how long a step?",
    names: ["landscape", "step_size", "x", "y", "steps"],
    complete,
    build({ change, read }) {
      const path = picture();
      const losses = picture();
      let view;
      let timer = 0;
      const clamp = (value, [low, high]) => Number(Math.min(Math.max(value, low), high).toFixed(2));
      const moveStart = path.handle((px, py) => {
        const { x, y, start } = LANDSCAPES[read().landscape];
        const [a, b] = view.from(px, py);
        change(start.length === 1 ? { x: clamp(a, x) } : { x: clamp(a, x), y: clamp(b, y) });
      });

      const landscapes = choice("Landscape", labels, (landscape) => {
        stop();
        change({ landscape, x: null, y: null, step_size: null });
      });
      const stepSize = slider("Step size", { min: 0, max: 1, step: 0.001 }, (size) => change({ step_size: size }));
      const xSlider = slider("Start x", { min: -3, max: 3, step: 0.05 }, (x) => change({ x }));
      const ySlider = slider("Start y", { min: -2, max: 2, step: 0.05 }, (y) => change({ y }));
      const steps = slider("Steps drawn", { min: 0, max: MOST, step: 1 }, (count) => {
        stop();
        change({ steps: count });
      });

      const advance = () => {
        const next = read().steps + 1;
        if (next >= MOST) stop();
        if (next <= MOST) change({ steps: next });
      };
      const stop = () => {
        clearInterval(timer);
        timer = 0;
        run.textContent = "Run";
      };
      const start = () => {
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) return change({ steps: MOST });
        if (read().steps >= MOST) change({ steps: 0 });
        timer = setInterval(advance, 1000 / STEPS_A_SECOND);
        run.textContent = "Pause";
      };
      const run = button("Run", () => (timer ? stop() : start()));
      const one = button("One step", () => {
        stop();
        if (read().steps >= MOST) change({ steps: 0 });
        else advance();
      });
      const numbers = readings([["loss after these steps"], ["length of the gradient"], ["largest curvature L"]]);

      const draw = (state) => {
        const landscape = LANDSCAPES[state.landscape];
        const drawing = drawPath(state);
        view = drawing.view;
        path.draw(drawing.content, `Path of gradient descent over ${labels[state.landscape]}`);
        losses.draw(drawLosses(state), "Loss after each step, on a logarithmic axis");
        moveStart(...drawing.start);
        landscapes.show(state.landscape);
        const { largest: max, unit, curvature: L, x: [xMin, xMax], y: [yMin, yMax] } = landscape;
        stepSize.show(state.step_size, formatNumber(state.step_size, 3), {
          range: { min: unit, max, step: unit },
          ticks: L ? [[1 / L, "1/L"], [2 / L, "2/L"]] : [],
        });
        xSlider.show(state.x, formatNumber(state.x), { range: { min: xMin, max: xMax } });
        ySlider.show(state.y, formatNumber(state.y), { range: { min: yMin, max: yMax } });
        ySlider.node.style.display = isCurve(landscape) ? "none" : "";
        steps.show(state.steps, String(state.steps));
        const last = descend(landscape, startOf(state), state.step_size, state.steps).at(-1);
        numbers.show([formatNumber(landscape.loss(last), 3), formatNumber(length(landscape.gradient(last)), 3),
          L ? String(L) : "varies"]);
        return describe(state);
      };
      const controls = columns(
        [stepSize.node, steps.node, element("div", { class: "lm-buttons" }, one, run)],
        [numbers.node, landscapes.node, xSlider.node, ySlider.node],
      );
      return { main: path.node, side: losses.node, controls, draw, stop };
    },
  });
}

export default { render };
