// Embeddings in the plane of their two main axes, and the nearest neighbours of one of them in all dimensions.

const dotProduct = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Between −1 and 1; a zero vector is similar to nothing. */
export function cosine(a, b) {
  const size = Math.sqrt(dotProduct(a, a) * dotProduct(b, b));
  return size > 0 ? dotProduct(a, b) / size : 0;
}

/** All others by their cosine with vector i, most similar first; of equals the earlier one comes first. */
export const ranking = (vectors, i) =>
  vectors.map((vector, j) => ({ j, similarity: cosine(vectors[i], vector) }))
    .filter(({ j }) => j !== i)
    .sort((one, other) => other.similarity - one.similarity || one.j - other.j);

/** The longest axis of a covariance matrix: squared again and again, it keeps that axis alone. */
function longestAxis(matrix) {
  let power = matrix;
  for (let round = 0; round < 30; round += 1) {
    const size = Math.sqrt(power.flat().reduce((sum, value) => sum + value * value, 0)) || 1;
    const scaled = power.map((row) => row.map((value) => value / size));
    power = scaled.map((row) => scaled.map((other) => dotProduct(row, other))); // symmetric: rows are columns
  }
  const column = power.reduce((best, row) => (dotProduct(row, row) > dotProduct(best, best) ? row : best));
  const length = Math.sqrt(dotProduct(column, column)) || 1;
  const largest = column.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best));
  return column.map((value) => value / (largest < 0 ? -length : length)); // its largest part is positive
}

/** The place of each vector on the two main axes (PCA), and the share of the variance that the axes show. */
export function mainPlane(vectors) {
  const mean = vectors[0].map((_, d) => vectors.reduce((sum, vector) => sum + vector[d], 0) / vectors.length);
  const centred = vectors.map((vector) => vector.map((value, d) => value - mean[d]));
  let covariance = mean.map((_, d) => mean.map((_, e) => centred.reduce((sum, vector) => sum + vector[d] * vector[e], 0)));
  const total = covariance.reduce((sum, row, d) => sum + row[d], 0);
  const axes = [0, 1].map(() => {
    const axis = longestAxis(covariance);
    const strength = dotProduct(axis, covariance.map((row) => dotProduct(row, axis)));
    covariance = covariance.map((row, d) => row.map((value, e) => value - strength * axis[d] * axis[e]));
    return { axis, strength };
  });
  const points = centred.map((vector) => axes.map(({ axis }) => dotProduct(vector, axis)));
  return { points, share: total > 0 ? axes.reduce((sum, { strength }) => sum + strength, 0) / total : 1 };
}

const listed = (texts) => (texts.length > 1 ? `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}` : texts[0]);
const quoted = (label) => `“${visible(label)}”`;
const two = (value) => value.toFixed(2).replace("-", "−");
const far = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** The neighbours in words, and what the plane hides. */
export function describe(state, { points, share } = mainPlane(state.vectors)) {
  const { vectors, labels, chosen, neighbours } = state;
  const i = labels.indexOf(chosen);
  const order = ranking(vectors, i);
  const nearest = listed(order.slice(0, neighbours).map(({ j, similarity }) => `${quoted(labels[j])} (${two(similarity)})`));
  const last = order.at(-1);
  const facts = `Nearest to ${quoted(chosen)} by cosine in all ${vectors[0].length} dimensions: ${nearest}; least similar: ${quoted(labels[last.j])} (${two(last.similarity)}).`;
  const seen = order.map(({ j }) => j).reduce((best, j) => (far(points[j], points[i]) < far(points[best], points[i]) ? j : best));
  const plane = ` The plane shows ${formatPercent(share)} of the variance`;
  return `${facts}${plane}${seen === order[0].j ? "; here the nearest is the nearest there, too." : `, and in it ${quoted(labels[seen])} seems nearest: two axes do not show everything.`}`;
}

// --- pictures --------------------------------------------------------------------------------------------------

const [WIDTH, HEIGHT, MARGIN] = [360, 330, 20];

/** Places on the picture, with one scale for both axes, so that distances can be compared. */
export function placesOf(points) {
  const [low, high] = [Math.min, Math.max].map((least) => [0, 1].map((axis) => least(...points.map((point) => point[axis]))));
  const room = [WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN];
  const scale = Math.min(...room.map((size, axis) => size / (high[axis] - low[axis] || 1)));
  const centre = [0, 1].map((axis) => (low[axis] + high[axis]) / 2);
  return points.map(([a, b]) => [near(WIDTH / 2 + scale * (a - centre[0])), near(HEIGHT / 2 - scale * (b - centre[1]))]);
}

const PAPER = "var(--lm-paper, Canvas)";
const short = ({ labels }) => Math.max(...labels.map((label) => [...label].length)) <= 2;

/** A mark with the label in it, or a dot with a long label beside it. */
function drawMark(label, [x, y], { colour, strong, inside }) {
  const text = visible(label);
  if (!inside) {
    return dot(x, y, strong ? 6 : 3.5, colour) + write(x > WIDTH - 70 ? x - 8 : x + 8, y + 4, text, { size: strong ? 13.5 : 11.5, weight: strong ? "bold" : "normal", anchor: x > WIDTH - 70 ? "end" : "start" });
  }
  return `<circle cx="${x}" cy="${y}" r="${strong ? 13 : 10}" fill="${PAPER}"/>` +
    `<circle cx="${x}" cy="${y}" r="${strong ? 13 : 10}" fill="${colour}" fill-opacity="${strong ? 1 : 0.16}" stroke="${colour}" stroke-width="1.4"/>` +
    write(x, y + (strong ? 5 : 4.5), text, { anchor: "middle", size: strong ? 15 : 13, weight: strong ? "bold" : "normal" })
      .replace('"currentColor"', strong ? `"${PAPER}"` : '"currentColor"');
}

/** The plane; lines lead from the chosen one to its neighbours, each with its cosine. */
export function drawMap(state, { points } = mainPlane(state.vectors)) {
  const { vectors, labels, chosen, neighbours, marked } = state;
  const places = placesOf(points);
  const i = labels.indexOf(chosen);
  const nearest = ranking(vectors, i).slice(0, neighbours);
  const lines = nearest.map(({ j }) => stroke(`M${places[i]}L${places[j]}`, COLOUR.estimate, 2, 'stroke-opacity=".75"'));
  const numbers = nearest.map(({ j, similarity }) => {
    const [x, y] = [0, 1].map((axis) => near(places[i][axis] + 0.55 * (places[j][axis] - places[i][axis])));
    if (far(places[i], places[j]) < 58) return ""; // no room; the bars have it
    return `<rect x="${x - 15}" y="${y - 8}" width="30" height="16" rx="4" fill="${PAPER}"/>` + write(x, y + 4, two(similarity), { anchor: "middle", size: 11.5 });
  });
  const marks = labels.map((label, j) => j).filter((j) => j !== i).map((j) =>
    drawMark(labels[j], places[j], { colour: marked.includes(labels[j]) ? COLOUR.truth : COLOUR.curve, inside: short(state) }));
  const border = `<rect x=".5" y=".5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="6" fill="none" stroke="currentColor" stroke-opacity=".2"/>`;
  return border + lines.join("") + marks.join("") + numbers.join("") + drawMark(chosen, places[i], { colour: COLOUR.estimate, strong: true, inside: short(state) });
}

const [ROW, TOP] = [29, 30];
export const MOST = 8; // neighbours

const brief = (text) => ([...text].length > 11 ? `${[...text].slice(0, 10).join("")}…` : text);

/** A bar for each of the nearest, pale for those beyond the chosen number; a negative one goes to the left. */
export function drawBars(state) {
  const { vectors, labels, chosen, neighbours } = state;
  const order = ranking(vectors, labels.indexOf(chosen)).slice(0, MOST);
  const [left, right] = [90, 312];
  const least = Math.min(0, ...order.map(({ similarity }) => similarity));
  const X = (value) => near(left + ((value - least) / (1 - least)) * (right - left));
  const rows = order.map(({ j, similarity }, place) => {
    const y = TOP + ROW * place;
    const colour = state.marked.includes(labels[j]) ? COLOUR.truth : COLOUR.curve;
    return write(left - 8, y + 15, brief(visible(labels[j])), { anchor: "end", weight: place < neighbours ? "bold" : "normal" }) +
      `<rect x="${Math.min(X(0), X(similarity))}" y="${y}" width="${near(Math.abs(X(similarity) - X(0)))}" height="20" fill="${colour}" fill-opacity="${place < neighbours ? 1 : 0.3}"/>` +
      write(right + 8, y + 15, two(similarity));
  });
  const foot = TOP + ROW * MOST + 4;
  const ticks = [0, 0.5, 1].map((tick) =>
    `<path d="M${X(tick)} ${TOP - 6}V${foot}" stroke="currentColor" stroke-opacity="${tick ? 0.13 : 0.5}"/>` + write(X(tick), foot + 15, formatNumber(tick), { anchor: "middle" }));
  return write(2, 13, `cosine with ${quoted(chosen)}`) + ticks.join("") + rows.join("") + marksKey(state, foot + 42);
}

/** What the second colour stands for. */
function marksKey({ marked, markedAs }, y) {
  if (!marked.length || !markedAs) return "";
  return `<rect x="86" y="${y - 10}" width="12" height="12" fill="${COLOUR.truth}"/>` + write(104, y, markedAs) +
    `<rect x="206" y="${y - 10}" width="12" height="12" fill="${COLOUR.curve}"/>` + write(224, y, "the others");
}

/** For a page without scripts. */
export function still(raw) {
  const state = complete(raw);
  return stillPicture(drawMap(state), `A map of ${state.labels.length} embeddings. ${describe(state)}`, WIDTH, HEIGHT);
}

export const complete = ({ marked_as: markedAs, ...state }) => ({ ...state, markedAs, neighbours: Math.min(state.neighbours, state.labels.length - 1) });

// --- the widget ------------------------------------------------------------------------------------------------

/** The point that lies next in a direction: near, and rather ahead than aside. */
export function nextPoint(places, i, [right, down]) {
  const candidates = places.map(([x, y], j) => {
    const [dx, dy] = [x - places[i][0], y - places[i][1]];
    const ahead = dx * right + dy * down;
    return { j, ahead, cost: ahead + 2.5 * Math.abs(dx * down + dy * right) };
  }).filter(({ j, ahead }) => j !== i && ahead > 0);
  return candidates.sort((one, other) => one.cost - other.cost)[0]?.j ?? i;
}

export function render({ model, el }) {
  return mount({
    model, el,
    title: "Which embeddings lie close together?",
    names: ["vectors", "labels", "chosen", "neighbours", "marked", "marked_as"],
    complete,
    build({ change, read }) {
      const { labels } = read();
      const plane = mainPlane(read().vectors);
      const places = placesOf(plane.points);
      const map = picture(WIDTH, HEIGHT);
      const bars = picture(360, HEIGHT);
      const choose = (j) => change({ chosen: labels[j] });
      map.node.addEventListener("click", (event) => {
        const at = map.place(event);
        const distances = places.map((place) => far(place, at));
        choose(distances.indexOf(Math.min(...distances)));
      });
      playable(map.node, (key) => {
        if (!ARROWS[key]) return undefined;
        choose(nextPoint(places, labels.indexOf(read().chosen), ARROWS[key]));
        return true;
      });
      const one = choice("Chosen", Object.fromEntries(labels.map((label, i) => [i, visible(label)])), (i) => choose(Number(i)));
      const count = slider("Neighbours", { min: 1, max: Math.min(MOST, labels.length - 1), step: 1 }, (neighbours) => change({ neighbours }));

      const draw = (state) => {
        map.draw(drawMap(state, plane), `A map of ${labels.length} embeddings; arrow keys choose another one`);
        bars.draw(drawBars(state), `Bars: cosine of the nearest neighbours with ${quoted(state.chosen)}`);
        one.show(labels.indexOf(state.chosen));
        count.show(state.neighbours, String(state.neighbours));
        return describe(state, plane);
      };
      return { main: map.node, side: bars.node, controls: columns([one.node], [count.node]), draw };
    },
  });
}

export default { render };
