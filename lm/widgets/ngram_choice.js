// The order n and the constant k of an n-gram model against its losses: under- and overfitting. JSON has no infinity:
// a loss that is null is infinite.

const CLOSE = 0.02; // nats; losses nearer than this count as equal in the words below

/** A loss out of the grid. */
export const lossAt = (grid, i, j) => grid[i][j] ?? Infinity;

/** Where the development loss is lowest: [place of n, place of k]; the first of equals. */
export function best({ dev, orders, ks }) {
  let place = [0, 0];
  orders.forEach((_, i) => ks.forEach((_, j) => {
    if (lossAt(dev, i, j) < lossAt(dev, ...place)) place = [i, j];
  }));
  return place;
}

/** Where the development loss of one order is lowest. */
export const bestOfOrder = ({ dev, ks }, i) =>
  ks.reduce((place, _, j) => (lossAt(dev, i, j) < lossAt(dev, i, place) ? j : place), 0);

const places = ({ orders, ks, n, k }) => [orders.indexOf(n), ks.indexOf(k)];
const nats = (loss) => (Number.isFinite(loss) ? loss.toFixed(2) : "∞");

/** What the two losses at this setting say. */
export function describe(state) {
  const { orders, ks, train, dev, unseen, uniform, n, k } = state;
  const [i, j] = places(state);
  const [here, there] = [lossAt(train, i, j), lossAt(dev, i, j)];
  const facts = `n = ${n}, k = ${formatNumber(k)}: the training loss is ${nats(here)}, the development loss ${nats(there)} nats.`;
  return `${facts} ${verdict()}`;

  function verdict() {
    const [bestI, bestJ] = best(state);
    const lowest = lossAt(dev, bestI, bestJ);
    const least = bestOfOrder(state, i);
    const own = lossAt(dev, i, least);
    if (there === Infinity) return `${portion(unseen[i])} of the development ${gram(n)} never occurred in training; with k = 0 some of them get probability 0, and one is enough for an infinite loss.`;
    if (i === bestI && j === bestJ) return "No setting of the grid does better on the development names.";
    if (there - own > CLOSE && j > least) return `So large a constant drowns the counts: both losses climb towards ${nats(uniform)}, the loss of a model that knows nothing.`;
    if (there - own > CLOSE) return `So small a constant trusts the counts too much: what is rare or unseen in training gets hardly any probability. ${gap()}`;
    if (there - lowest <= CLOSE) return "That is nearly the best development loss of the grid.";
    if (i < bestI) return `Underfitting: the losses are close together and both high, because ${context(n)}.`;
    return `Overfitting: ${gap()} ${portion(unseen[i])} of the development ${gram(n)} never occurred in training.`;
  }
  function gap() {
    return `The training names are predicted ${nats(there - here)} nats better than new ones.`;
  }
}

const portion = (share) => (share > 0 && share < 0.01 ? `${formatNumber(100 * share, 2)} %` : formatPercent(share));
const gram = (n) => ["single letters", "pairs", "triples"][n - 1] ?? `${n}-grams`;
const context = (n) => ({
  1: "the model does not look at the letters before",
  2: "one letter of context says too little about the next",
}[n] ?? `${n - 1} letters of context say too little about the next`);

// --- pictures --------------------------------------------------------------------------------------------------

/** From a little below the lowest loss of the grid to a little above the largest that is finite. */
function range({ train, dev, uniform }) {
  const finite = [...train.flat(), ...dev.flat(), uniform].filter((loss) => loss !== null);
  return [Math.min(...finite) - 0.12, Math.max(...finite) + 0.15];
}

/** Round numbers, and the loss of a model that knows nothing by its name. */
function ticksWithin([low, high], uniform) {
  const step = high - low > 2.2 ? 0.5 : 0.25;
  const first = Math.ceil(low / step);
  const round = linspace(first, Math.floor(high / step), Math.floor(high / step) - first + 1).map((i) => i * step);
  const named = [uniform, `ln ${Math.round(Math.exp(uniform))}`];
  return [...round.filter((tick) => Math.abs(tick - uniform) > 0.4 * step), named];
}

/** Both losses along one axis of the grid; an infinite loss leaves the picture at the top. */
function curves(state, { xTicks, xLabel, at, here, lowest }) {
  const y = range(state);
  const count = xTicks.length;
  const view = plane({ x: [-0.4, count - 0.6], y, xTicks, yTicks: ticksWithin(y, state.uniform), xLabel, yLabel: "loss in nats a character" });
  const level = `M${view.X(-0.4)} ${view.Y(state.uniform)}H${view.X(count - 0.6)}`;
  const known = stroke(level, "currentColor", 1.2, 'stroke-dasharray="5 4" stroke-opacity=".6"');
  const drawn = [["train", COLOUR.curve], ["dev", COLOUR.estimate]].map(([name, colour]) => {
    const points = xTicks.map(([place]) => [place, at(state[name], place)]);
    const line = stroke(view.line(points.map(([a, b]) => [a, Math.min(b, 99)])), colour, 2.5);
    const marks = points.map(([a, b]) => (b < Infinity ? dot(view.X(a), view.Y(b), 3, colour)
      : write(view.X(a), view.box[1] + 11, "∞", { anchor: "middle", size: 15, weight: "bold" }))).join("");
    const value = at(state[name], here);
    const knob = value < Infinity ? dot(view.X(here), view.Y(value), 6.5, colour, 'stroke="currentColor" stroke-width="1.5"') : "";
    return [view.inside(line) + marks, knob];
  });
  const line = `M${view.X(here)} ${view.box[1]}V${view.box[1] + view.box[3]}`;
  const ring = lowest === null ? "" : `<circle cx="${view.X(lowest)}" cy="${view.Y(at(state.dev, lowest))}" r="10" fill="none" stroke="${COLOUR.truth}" stroke-width="2.5"/>`;
  return view.axes + known + stroke(line, "currentColor", 1, 'stroke-opacity=".35"') +
    drawn.map(([curve]) => curve).join("") + ring + drawn.map(([, knob]) => knob).join("");
}

/** The losses of order n against k; the ring is the lowest development loss of this order. */
export function drawAgainstK(state) {
  const [i, j] = places(state);
  const xTicks = state.ks.map((k, place) => [place, place % 2 && state.ks.length > 8 ? "" : formatNumber(k)]);
  const lowest = bestOfOrder(state, i);
  return curves(state, { xTicks, xLabel: `smoothing constant k, at n = ${state.n}`, at: (grid, place) => lossAt(grid, i, place), here: j,
    lowest: lossAt(state.dev, i, lowest) < Infinity ? lowest : null });
}

/** The losses at this k against n; the ring is the lowest development loss at this k. */
export function drawAgainstN(state) {
  const [i, j] = places(state);
  const xTicks = state.orders.map((n, place) => [place, String(n)]);
  const at = (grid, place) => lossAt(grid, place, j);
  const lowest = state.orders.reduce((place, _, other) => (at(state.dev, other) < at(state.dev, place) ? other : place), 0);
  return curves(state, { xTicks, xLabel: `order n, at k = ${formatNumber(state.k)}`, at, here: i,
    lowest: at(state.dev, lowest) < Infinity ? lowest : null });
}

/** For a page without scripts. */
export function still(state) {
  const label = `Training loss (blue) and development loss (orange) of n-gram models against the order n. ${describe(state)}`;
  return stillPicture(drawAgainstN(state), label);
}

// --- the widget ------------------------------------------------------------------------------------------------

export function render({ model, el }) {
  return mount({
    model, el,
    title: "How long a context, how much smoothing?",
    names: ["orders", "ks", "train", "dev", "unseen", "samples", "uniform", "n", "k"],
    build({ change, read }) {
      const { orders, ks } = read();
      const againstN = picture();
      const againstK = picture();
      const n = slider("Order n", { min: 0, max: orders.length - 1, step: 1 }, (place) => change({ n: orders[place] }));
      const k = slider("Smoothing constant k", { min: 0, max: ks.length - 1, step: 1 }, (place) => change({ k: ks[place] }));
      const lowest = button("Go to the lowest development loss", () => {
        const [i, j] = best(read());
        change({ n: orders[i], k: ks[j] });
      });
      const numbers = readings([["training loss", COLOUR.curve], ["development loss", COLOUR.estimate],
        ["development perplexity"], ["unseen development n-grams"]]);
      const words = element("ul", { class: "lm-words" });
      const heading = element("span", { class: "lm-label" });

      const draw = (state) => {
        const [i, j] = places(state);
        againstN.draw(drawAgainstN(state), `Losses against the order n at k = ${formatNumber(state.k)}`);
        againstK.draw(drawAgainstK(state), `Losses against the constant k at n = ${state.n}`);
        n.show(i, String(state.n), { ticks: orders.map((one, place) => [place, String(one)]) });
        k.show(j, formatNumber(state.k), { ticks: ks.map((one, place) => [place, place % 2 && ks.length > 8 ? "" : formatNumber(one)]) });
        const loss = lossAt(state.dev, i, j);
        numbers.show([nats(lossAt(state.train, i, j)), nats(loss), loss < Infinity ? Math.exp(loss).toFixed(2) : "∞", portion(state.unseen[i])]);
        heading.textContent = `Names from this model (n = ${state.n}, k = ${formatNumber(state.k)})`;
        words.replaceChildren(...state.samples[i][j].map((word) => element("li", {}, word)));
        return describe(state);
      };
      const samples = element("div", { class: "lm-column" }, heading, words);
      const controls = columns([n.node, k.node, element("div", { class: "lm-buttons" }, lowest)], [numbers.node, samples]);
      return { main: againstN.node, side: againstK.node, controls, draw };
    },
  });
}

export default { render };
