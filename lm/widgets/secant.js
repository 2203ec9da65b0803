// The secant that becomes a tangent. All numbers are what double precision gives, rounding errors included.

export const FUNCTIONS = {
  sine: { text: "sin x", f: Math.sin, slope: Math.cos, x: [-4, 4], y: [-2, 2] },
  square: { text: "x²", f: (x) => x * x, slope: (x) => 2 * x, x: [-2.5, 2.5], y: [-1, 5] },
  cubic: { text: "x³ − x", f: (x) => x * x * x - x, slope: (x) => 3 * x * x - 1, x: [-2, 2], y: [-3, 3] },
  exponential: { text: "eˣ", f: Math.exp, slope: Math.exp, x: [-3, 2], y: [-1, 6] },
  absolute: { text: "|x|", f: Math.abs, slope: (x) => (x === 0 ? NaN : Math.sign(x)), x: [-2.5, 2.5], y: [-1, 3] },
};

const SMALLEST = -16; // of the exponents of h on the slider
const LARGEST = 0.3;
const FLOOR = -15; // errors below 10^-15 are drawn here, 0 included

export function differenceQuotient(f, x, h, scheme) {
  return scheme === "central" ? (f(x + h) - f(x - h)) / (2 * h) : (f(x + h) - f(x)) / h;
}

/** Slope of the secant, slope of the tangent (NaN where there is none), and how far they are apart. */
export function measure({ function: name, x, h, scheme }) {
  const { f, slope } = FUNCTIONS[name];
  const secant = differenceQuotient(f, x, h, scheme);
  return { secant, tangent: slope(x), error: Math.abs(secant - slope(x)) };
}

/** A few sentences about what is to be seen. */
export function describe(state) {
  const width = state.zoom ? ` The microscope shows a window ${formatNumber(6 * Math.abs(state.h), 2)} wide.` : "";
  return describeSlopes(state) + width;
}

function describeSlopes(state) {
  const { x, h, scheme } = state;
  const { secant, tangent, error } = measure(state);
  if (Number.isNaN(tangent)) return describeCorner(state, secant);
  if (scheme === "central" ? x + h === x - h : x + h === x) {
    return "h is so small that x + h is rounded to x. Nothing is left of the difference, and the slope comes out as 0.";
  }
  const facts = `${scheme === "central" ? "Central" : "Forward"} difference, h = ${formatNumber(h)}: the secant has ` +
    `slope ${formatNumber(secant)}, the tangent ${formatNumber(tangent)}.`;
  if (error === 0) return `${facts} They agree to the last digit.`;
  const gap = `${facts} They differ by ${formatNumber(error, 2)}.`;
  const wider = measure({ ...state, h: 10 * h }).error;
  if (Math.abs(h) > 1e-3 || wider >= error) return gap;
  return `${gap} Rounding errors rule here: ten times this h would miss by only ${formatNumber(wider, 2)}.`;
}

function describeCorner({ h, scheme }, secant) {
  const end = "At its corner |x| has no tangent, however small h is.";
  if (scheme === "central") {
    return `The central difference says ${formatNumber(secant)}, but the slope is 1 on the right and −1 on the left. ${end}`;
  }
  const [here, there] = h > 0 ? ["right", "left"] : ["left", "right"];
  return `To the ${here} every secant has slope ${formatNumber(secant)}, to the ${there} ${formatNumber(-secant)}. ${end}`;
}

// --- pictures --------------------------------------------------------------------------------------------------

const wholeCurve = ({ x, y }) => plane({ x, y, xTicks: ticks(x), yTicks: ticks(y), xLabel: "x", yLabel: "f(x)" });
const ticks = ([low, high]) => linspace(Math.ceil(low), Math.floor(high), Math.floor(high) - Math.ceil(low) + 1);

/** A window of three h to each side, in coordinates relative to the point: (x + t, f(x + t)) is drawn at (t, rise). */
function microscope({ x, h, function: name }) {
  const reach = 3 * Math.abs(h);
  const steepness = Math.max(1, Math.abs(FUNCTIONS[name].slope(x)) || 1);
  return plane({
    x: [-reach, reach],
    y: [-reach * steepness, reach * steepness],
    xTicks: [[-h, h < 0 ? "x + |h|" : "x − h"], [0, "x"], [h, h < 0 ? "x − |h|" : "x + h"]],
    yTicks: [[0, "f(x)"]],
    xLabel: `the window is ${formatNumber(2 * reach, 2)} wide`,
  });
}

/** Curve, tangent and secant; returns the drawing and where the two points of the secant are on it. */
export function drawCurve(state) {
  const { function: name, x, h, scheme, zoom } = state;
  const { f, x: range } = FUNCTIONS[name];
  const { secant, tangent } = measure(state);
  const view = zoom ? microscope(state) : wholeCurve(FUNCTIONS[name]);
  const [x0, y0] = zoom ? [0, 0] : [x, f(x)];
  const at = (t) => [x0 + (x + t - x), y0 + (f(x + t) - f(x))]; // rounding in x + t and in f shows under the microscope
  const [from, to] = zoom ? [-3 * Math.abs(h), 3 * Math.abs(h)] : [range[0] - x, range[1] - x];
  const curve = linspace(from, to, 241).map(at);
  const reach = to - from;
  const through = ([a, b], slope) => view.line([[a - reach, b - slope * reach], [a + reach, b + slope * reach]]);
  const base = scheme === "central" ? at(-h) : at(0);
  const end = at(h);
  const seen = new Set(curve.map(([t]) => t));
  const places = [at(0), base, end].map(([a, b]) => [view.X(a), view.Y(b)]);
  const content = view.axes + view.inside(
    stroke(view.line(curve), COLOUR.curve, 2.5) +
    (seen.size < 40 ? curve.map(([a, b]) => dot(view.X(a), view.Y(b), 3, COLOUR.curve)).join("") : "") +
    stroke(through(base, secant), COLOUR.estimate) +
    (Number.isNaN(tangent) ? "" : stroke(through(at(0), tangent), COLOUR.truth, 2, 'stroke-dasharray="7 7"')) +
    places.slice(1).map(([a, b]) => dot(a, b, 5, COLOUR.estimate)).join("") +
    dot(...places[0], 5, "currentColor"),
  );
  return { content, view, point: places[0], partner: places[2] };
}

/** The error against h, both logarithmic, for both schemes; the dot is the h of the moment. */
export function drawErrors(state) {
  const { function: name, x, h } = state;
  const view = plane({
    x: [SMALLEST, LARGEST + 0.2], y: [FLOOR, 1.2],
    xTicks: [-16, -12, -8, -4, 0].map((k) => [k, powerOfTen(k)]),
    yTicks: [0, -4, -8, -12].map((k) => [k, powerOfTen(k)]).concat([[FLOOR, "less"]]),
    xLabel: "h", yLabel: "error of the slope",
  });
  if (Number.isNaN(FUNCTIONS[name].slope(x))) {
    return view.axes + write(180, 120, "no tangent here,", { anchor: "middle", size: 14 }) +
      write(180, 140, "so there is no error to measure", { anchor: "middle", size: 14 });
  }
  const level = (step, scheme) =>
    Math.max(FLOOR, Math.log10(measure({ ...state, h: step, scheme }).error)); // log10(0) is -Infinity
  const curve = (scheme) => view.line(linspace(SMALLEST, LARGEST, 164).map((k) => [k, level(Math.sign(h) * 10 ** k, scheme)]));
  const [active, other] = state.scheme === "central" ? ["central", "forward"] : ["forward", "central"];
  const place = [view.X(Math.log10(Math.abs(h))), view.Y(level(h, active))];
  const key = (x0, scheme, colour, width) => stroke(`M${x0} 9h16`, colour, width) + write(x0 + 21, 13, scheme);
  return view.axes +
    view.inside(stroke(curve(other), "currentColor", 1.2, 'stroke-opacity=".45"') + stroke(curve(active), COLOUR.estimate, 1.8)) +
    key(186, active, COLOUR.estimate, 2) + `<g opacity=".75">${key(280, other, "currentColor", 1.2)}</g>` +
    dot(...place, 6, COLOUR.estimate, 'stroke="currentColor" stroke-width="1.5"');
}

/** For a page without scripts. */
export const still = (state) => stillPicture(drawCurve(state).content, describe(state));

// --- the widget ------------------------------------------------------------------------------------------------

const schemes = { forward: "forward: (f(x+h) − f(x)) / h", central: "central: (f(x+h) − f(x−h)) / 2h" };
const labels = Object.fromEntries(Object.entries(FUNCTIONS).map(([name, { text }]) => [name, text]));
const stepOf = (exponent) => Number(`1e${Math.floor(exponent)}`) * Number((10 ** (exponent - Math.floor(exponent))).toPrecision(3));
const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);

export function render({ model, el }) {
  return mount({
    model, el,
    title: "The secant that becomes a tangent",
    names: ["function", "x", "h", "scheme", "zoom"],
    build({ change, read }) {
      const curve = picture();
      const errors = picture();
      let view;
      const snap = (value, range) => Number(clamp(0.05 * Math.round(value / 0.05), range).toFixed(2));
      const moveX = curve.handle((px) => change({ x: snap(view.from(px, 0)[0], FUNCTIONS[read().function].x) }));
      const moveH = curve.handle((px) => change({ h: snap(view.from(px, 0)[0] - read().x, [-2, 2]) || 0.05 }));

      const curves = choice("Curve f(x)", labels, (name) =>
        change({ function: name, x: clamp(read().x, FUNCTIONS[name].x) }));
      const difference = choice("Difference", schemes, (scheme) => change({ scheme }));
      const xSlider = slider("Point x", { min: -4, max: 4, step: 0.05 }, (x) => change({ x }));
      const hSlider = slider("Step h", { min: SMALLEST, max: LARGEST, step: 0.1 }, (exponent) =>
        change({ h: Math.sign(read().h) * stepOf(exponent) }));
      const negative = checkbox("to the left (negative h)", (left) =>
        change({ h: (left ? -1 : 1) * Math.abs(read().h) }));
      const zoom = checkbox("zoom in with h, like a microscope", (on) => change({ zoom: on }));
      const numbers = readings([["secant", COLOUR.estimate], ["tangent", COLOUR.truth], ["error"]]);

      const draw = (state) => {
        const { function: name, x, h } = state;
        const { secant, tangent, error } = measure(state);
        const drawing = drawCurve(state);
        view = drawing.view;
        curve.draw(drawing.content, `The curve ${labels[name]} with a secant and the tangent at x = ${formatNumber(x)}`);
        errors.draw(drawErrors(state), "Error of the slope against the step h, on logarithmic axes");
        moveX(...drawing.point, !state.zoom);
        const apart = Math.hypot(drawing.partner[0] - drawing.point[0], drawing.partner[1] - drawing.point[1]);
        moveH(...drawing.partner, !state.zoom && apart > 20);
        curves.show(name);
        difference.show(state.scheme);
        const [min, max] = FUNCTIONS[name].x;
        xSlider.show(x, formatNumber(x), { range: { min, max } });
        hSlider.show(Math.log10(Math.abs(h)), formatNumber(h, 3));
        negative.show(h < 0);
        zoom.show(state.zoom);
        const none = "there is none";
        numbers.show([formatNumber(secant, 10), Number.isNaN(tangent) ? none : formatNumber(tangent, 10),
          Number.isNaN(tangent) ? none : formatNumber(error, 2)]);
        return describe(state);
      };
      const left = [hSlider.node, xSlider.node, negative.node, zoom.node];
      const right = [numbers.node, curves.node, difference.node];
      const controls = columns(left, right);
      return { main: curve.node, side: errors.node, controls, draw };
    },
  });
}

export default { render };
