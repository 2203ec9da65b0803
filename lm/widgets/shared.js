// What the widgets share: numbers as text, controls, axes. Python puts this file before each widget's own,
// because a module that is started from text cannot import another file.

// One thing, one colour: the same roles as in lm/plots.py. The style sheet brightens them in dark mode.
export const COLOUR = {
  curve: "var(--lm-blue, #0072B2)",
  estimate: "var(--lm-vermillion, #D55E00)",
  truth: "var(--lm-green, #009E73)",
};

/** A number as a reader expects it: "0.25", "1.5e−7", "−3", "∞". */
export function formatNumber(value, digits = 4) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const plain = value === 0 || (size >= 1e-4 && size < 1e6);
  const text = plain ? String(Number(value.toPrecision(digits))) : value.toExponential(digits - 1);
  return text.replace(/\.?0+e/, "e").replace("e+", "e").replaceAll("-", "−").replace(/^−0$/, "0");
}

export const formatPercent = (share) => {
  const digits = share >= 0.0005 && share < 0.9995 ? 1 : 0;
  if (share > 0 && share < 0.0005) return "< 0.1 %";
  if (share < 1 && share >= 0.9995) return "> 99.9 %";
  return Number.isNaN(share) ? "not a number" : `${(100 * share).toFixed(digits)} %`;
};

/** 10⁻³, for the ticks of a logarithmic axis. */
export const powerOfTen = (exponent) =>
  "10" + [...String(exponent)].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"["0123456789-".indexOf(sign)]).join("");

export const escapeText = (text) =>
  String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Line ends, and blanks at the ends of a text, as signs that can be seen. */
export const visible = (text) =>
  text.replace(/^ +| +$/g, (blanks) => "␣".repeat(blanks.length)).replaceAll("\n", "↵").replaceAll("\t", "⇥");

/** Rounded to a tenth, which is enough for a place on a picture. */
export const near = (value) => Math.round(10 * value) / 10;

/** `count` numbers from `first` to `last`, both included. */
export const linspace = (first, last, count) =>
  Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));

// --- drawing: SVG as text, so that a picture is a function of the state and needs no browser -----------------

/** Axes over the window `x` by `y`; a logarithmic axis is given by its exponents.
 *  Ticks are numbers or [number, text]. X and Y turn coordinates into places on the picture. */
export function plane({ x, y, xTicks = [], yTicks = [], xLabel = "", yLabel = "", width = 360, height = 260 }) {
  const [left, right, top, bottom] = [48, width - 10, 24, height - 40];
  const place = (from, to, [low, high]) => (value) => {
    const at = from + ((value - low) / (high - low)) * (to - from);
    return Math.round(10 * Math.min(Math.max(at, -5000), 5000)) / 10;
  };
  const X = place(left, right, x);
  const Y = place(bottom, top, y);
  const pair = (tick) => (Array.isArray(tick) ? tick : [tick, formatNumber(tick)]);
  const axes = [
    `<path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="currentColor" stroke-opacity=".6"/>`,
    ...xTicks.map(pair).map(([at, text]) =>
      `<path d="M${X(at)} ${bottom}v4" stroke="currentColor" stroke-opacity=".6"/>` +
      write(X(at), bottom + 18, text, { anchor: "middle" })),
    ...yTicks.map(pair).map(([at, text]) =>
      `<path d="M${left} ${Y(at)}H${right}" stroke="currentColor" stroke-opacity=".13"/>` +
      write(left - 6, Y(at) + 4, text, { anchor: "end" })),
    write(right, height - 4, xLabel, { anchor: "end" }),
    write(2, 13, yLabel),
  ].join("");
  const box = [left, top, right - left, bottom - top];
  /** What lies outside the axes is cut off. */
  const inside = (content) =>
    `<svg x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" viewBox="${box.join(" ")}"` +
    ` overflow="hidden">${content}</svg>`;
  const line = (points) => "M" + points.map(([a, b]) => `${X(a)} ${Y(b)}`).join("L");
  const from = (px, py) => [
    x[0] + ((px - left) / (right - left)) * (x[1] - x[0]),
    y[0] + ((py - bottom) / (top - bottom)) * (y[1] - y[0]),
  ];
  return { X, Y, axes, inside, line, from, box };
}

export const write = (x, y, text, { anchor = "start", size = 13, weight = "normal" } = {}) =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}"` +
  ` fill="currentColor">${escapeText(text)}</text>`;

export const stroke = (d, colour, width = 2, more = "") =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round" ${more}/>`;

export const dot = (x, y, radius, colour, more = "") =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}" ${more}/>`;

/** A drawing that stands alone, for a page without scripts. */
export const stillPicture = (content, label, width = 360, height = 260) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img"` +
  ` font-family="sans-serif" aria-label="${escapeText(label)}">${content}</svg>\n`;

// --- the page: elements, controls, state ----------------------------------------------------------------------

export function element(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "circle"].includes(tag);
  const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** A drawing with handles to drag. `place(event)` is where on it the pointer is, which a handle gives to `move`. */
export function picture(width = 360, height = 260) {
  const layer = element("g");
  const node = element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "lm-picture" }, layer);
  const place = (event) => {
    const box = node.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  };
  const draw = (content, label) => {
    layer.innerHTML = content;
    node.setAttribute("aria-label", label);
  };
  const handle = (move) => {
    const knob = element("circle", { r: 16, class: "lm-handle" });
    knob.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // or the page scrolls
    knob.addEventListener("pointerdown", (event) => knob.setPointerCapture(event.pointerId));
    knob.addEventListener("pointermove", (event) => {
      if (knob.hasPointerCapture(event.pointerId)) move(...place(event));
    });
    node.append(knob);
    return (x, y, visible = true) => {
      knob.setAttribute("cx", x);
      knob.setAttribute("cy", y);
      knob.style.display = visible ? "" : "none";
    };
  };
  return { node, draw, handle, place };
}

/** How far to the right and down each arrow key leads. */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Lets a picture take the focus; `press(key)` returns something for a key that it knows. */
export function playable(node, press) {
  node.setAttribute("tabindex", "0");
  node.setAttribute("role", "application");
  node.setAttribute("data-lm-suppress-shortcuts", "");
  node.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain && press(event.key) !== undefined) event.preventDefault(); // or the page scrolls
  });
}

/** A labelled slider. `show` sets its position, the text of its value and, if given, its range and marks. */
export function slider(label, { min, max, step }, onInput) {
  const value = element("span", { class: "lm-value", "aria-hidden": "true" });
  const input = element("input", { type: "range", min, max, step, oninput: () => onInput(input.valueAsNumber) });
  const marks = element("span", { class: "lm-marks", "aria-hidden": "true" });
  const name = element("span", { class: "lm-label" }, label);
  const node = element("label", { class: "lm-control lm-slider" }, name, value, input, marks);
  const show = (position, text, { range, ticks = [] } = {}) => {
    if (range) Object.assign(input, range);
    input.value = position;
    input.setAttribute("aria-valuetext", text);
    value.textContent = text;
    marks.replaceChildren(...ticks.map(([at, tick]) => {
      const mark = element("span", {}, tick);
      mark.style.setProperty("--at", (at - input.min) / (input.max - input.min));
      return mark;
    }));
  };
  return { node, input, show };
}

/** One of several: a drop-down list. `options` maps values to texts. */
export function choice(label, options, onChange) {
  const entries = Object.entries(options).map(([value, text]) => element("option", { value }, text));
  const select = element("select", { onchange: () => onChange(select.value) }, ...entries);
  const node = element("label", { class: "lm-control" }, element("span", { class: "lm-label" }, label), select);
  return { node, show: (value) => (select.value = value) };
}

/** A field to write in. What `clean` leaves out of the text cannot be written. */
export function textField(label, { rows = 1, maxlength, hint = "", clean = (text) => text }, onInput) {
  const onText = () => {
    const text = clean(input.value);
    if (text !== input.value) input.value = text;
    onInput(text);
  };
  const common = { maxlength, autocomplete: "off", autocapitalize: "off", spellcheck: "false", oninput: onText };
  const input = rows > 1 ? element("textarea", { rows, ...common }) : element("input", { type: "text", ...common });
  const name = element("span", { class: "lm-label" }, label);
  const node = element("label", { class: "lm-control" }, name, element("span", { class: "lm-hint" }, hint), input);
  return { node, input, show: (text) => input.value !== text && (input.value = text) };
}

export function checkbox(label, onChange) {
  const input = element("input", { type: "checkbox", onchange: () => onChange(input.checked) });
  const node = element("label", { class: "lm-check" }, input, element("span", {}, label));
  return { node, show: (checked) => (input.checked = checked) };
}

export const button = (label, onClick) => element("button", { type: "button", onclick: onClick }, label);

/** Controls in two columns where there is room, one below the other where there is not. */
export const columns = (...groups) =>
  element("div", { class: "lm-controls" }, ...groups.map((group) => element("div", { class: "lm-column" }, ...group)));

/** Numbers with their names; `colour` adds a stroke as key to the picture. */
export function readings(names) {
  const values = names.map(() => element("dd"));
  const keyed = names.some(([, colour]) => colour);
  const rows = names.map(([name, colour], i) => {
    const key = element("span", { class: "lm-key", "aria-hidden": "true" });
    key.style.background = colour ?? "none";
    return element("div", {}, element("dt", {}, ...(keyed ? [key] : []), name), values[i]);
  });
  return {
    node: element("dl", { class: "lm-readings" }, ...rows),
    show: (texts) => texts.forEach((text, i) => (values[i].textContent = text)),
  };
}

/** Builds the widget's frame in `el`, draws now and whenever the model changes, and returns how to undo it.
 *  `names` are the model's traits; `complete` fills in what they leave open. `build({ change, read })` returns main
 *  and side picture, controls, and `draw(state)`, which returns the sentence. */
export function mount({ model, el, title, names, complete = (state) => state, build }) {
  const start = Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const read = () => complete(Object.fromEntries(names.map((name) => [name, model.get(name)])));
  let waiting = false;
  let speak = 0;
  const change = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
    refresh();
  };
  const { main, side, controls, draw, stop = () => {} } = build({ change, read });
  const sentence = element("p", { class: "lm-sentence", "aria-live": "polite" });
  const refresh = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      const text = draw(read());
      clearTimeout(speak); // a screen reader hears where a slider comes to rest, not each place on the way
      speak = setTimeout(() => (sentence.textContent = text), sentence.textContent ? 150 : 0);
    });
  };
  const reset = button("Reset", () => {
    stop();
    change(start);
  });
  const head = element("div", { class: "lm-head" }, element("strong", {}, title), reset);
  const frame = element("div", { class: "lm-frame" }, head, main, side, sentence, controls);
  const root = element("div", { class: "lm-play", role: "group", "aria-label": title }, frame);
  for (const control of root.querySelectorAll("input, select, button, textarea")) {
    control.setAttribute("data-lm-suppress-shortcuts", ""); // or JupyterLab takes the arrow keys to move between cells
  }
  el.replaceChildren(root);
  for (const name of names) model.on(`change:${name}`, refresh);
  refresh();
  return () => {
    stop();
    clearTimeout(speak);
    for (const name of names) model.off(`change:${name}`, refresh);
  };
}
