// The causal mask: which tokens a token may look at, and what that does to its attention weights.

/** For each row (query) and column (key) whether the row may look there. */
export const allowed = ({ tokens, causal, padding }) =>
  tokens.map((_, i) => tokens.map((__, j) => (!causal || j <= i) && j < tokens.length - padding));

/** What is not allowed gets the score −∞. */
export const masked = (state) => allowed(state).map((row, i) => row.map((may, j) => (may ? state.scores[i][j] : -Infinity)));

/** Softmax of each row of scores, with the mask and without. */
export const weights = (state) => masked(state).map((row) => softmax(row));

// --- words -----------------------------------------------------------------------------------------------------

const names = ({ tokens, padding }) => tokens.map((token, i) => (i < tokens.length - padding ? token : "[pad]"));
const listed = (texts) => (texts.length > 1 ? `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}` : texts[0]);
const total = (values) => values.reduce((sum, value) => sum + value, 0);
const score = (value) => (value === -Infinity ? "−∞" : value.toFixed(1).replace("-", "−"));
const kind = ({ causal, padding }) => (causal && padding ? "the causal mask and the padding mask" : causal ? "the causal mask" : "the padding mask");

/** What the chosen row may see, what the mask takes from it, and whether it sees what it has to predict. */
export function describe(state) {
  const { row, causal, padding, scores } = state;
  const texts = names(state);
  const may = allowed(state)[row];
  const hidden = may.filter((one) => !one).length;
  const own = `Row ${row + 1}, “${texts[row]}”:`;
  if (row >= texts.length - padding) return `${own} this row is padding. It is computed like the others, but nobody reads what comes out.`;
  const seen = texts.flatMap((text, j) => (may[j] ? [j === row ? "itself" : `“${text}”`] : []));
  const share = formatPercent(total(softmax(scores[row]).filter((_, j) => !may[j])));
  const sight = hidden === 0
    ? `${own} ${causal || padding ? `${kind(state)} hides nothing from it: ` : "without a mask "}it sees all ${texts.length} tokens.`
    : `${own} with ${kind(state)} it sees ${seen.length > 1 ? listed(seen) : "itself alone"}. ${hidden === 1 ? "The other score becomes" : `The ${hidden} other scores become`} −∞ and the weights there 0; without the mask they would hold ${share}.`;
  const target = row + 1 < texts.length - padding ? `“${texts[row + 1]}”` : "";
  if (!target) return `${sight} The token that it has to predict comes after the text.`;
  const peek = `It has to predict ${target}`;
  if (causal) return `${sight} ${peek}, which stays hidden.`;
  return `${sight} ${peek}, which it can see: in training such a model learns to copy the answer, and in use there is none to copy.`;
}

// --- pictures --------------------------------------------------------------------------------------------------

const [LEFT, TOP, SIZE] = [62, 46, 296];
export const GRID_HEIGHT = TOP + SIZE + 4;
const brief = (text, most) => ([...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

/** A row for each query, a column for each key; hatched where the row may not look. */
export function drawGrid(state) {
  const { row } = state;
  const texts = names(state);
  const cell = SIZE / texts.length;
  const may = allowed(state);
  const table = weights(state);
  const most = Math.floor(cell / 7);
  const heads = texts.map((text, j) => write(near(LEFT + cell * (j + 0.5)), TOP - 8, brief(text, most), { anchor: "middle", size: 12 }));
  const rows = texts.map((text, i) => write(LEFT - 7, near(TOP + cell * (i + 0.5) + 4), brief(text, 7), { anchor: "end", size: 12.5, weight: i === row ? "bold" : "normal" }));
  const cells = table.flatMap((values, i) => values.map((value, j) => {
    const [x, y, side] = [near(LEFT + cell * j + 1), near(TOP + cell * i + 1), near(cell - 2)];
    const box = `x="${x}" y="${y}" width="${side}" height="${side}" rx="3"`;
    if (!may[i][j]) {
      const lines = [0.33, 0.67, 1].map((part) => `M${x} ${near(y + side * part)}L${near(x + side * part)} ${y}`).join("") + `M${near(x + side * 0.33)} ${near(y + side)}L${near(x + side)} ${near(y + side * 0.33)}M${near(x + side * 0.67)} ${near(y + side)}L${near(x + side)} ${near(y + side * 0.67)}`;
      return `<rect ${box} fill="currentColor" fill-opacity=".05"/><path d="${lines}" stroke="currentColor" stroke-opacity=".28"/>`;
    }
    const strong = value > 0.55;
    return `<rect ${box} fill="${COLOUR.curve}" fill-opacity="${(0.08 + 0.87 * value).toFixed(2)}"/>` +
      write(near(x + side / 2), near(y + side / 2 + 4.5), `${Math.round(100 * value)}`, { anchor: "middle", size: 12.5, weight: strong ? "bold" : "normal" })
        .replace('"currentColor"', strong ? '"var(--lm-paper, Canvas)"' : '"currentColor"');
  }));
  const frame = `<rect x="${LEFT}" y="${near(TOP + cell * row)}" width="${SIZE}" height="${near(cell)}" rx="4" fill="none" stroke="${COLOUR.estimate}" stroke-width="2.5"/>`;
  const next = row + 1 < texts.length - state.padding && row < texts.length - state.padding
    ? `<circle cx="${near(LEFT + cell * (row + 1.5))}" cy="${near(TOP + cell * (row + 0.5))}" r="${near(cell / 2 - 3)}" fill="none" stroke="${COLOUR.truth}" stroke-width="2.5"/>` : "";
  return write(2, 13, "rows look at columns; weights in %; ◯ what comes next", { size: 12.5 }) + heads.join("") + rows.join("") + cells.join("") + frame + next;
}

/** The chosen row from scores to weights. */
export function drawRow(state) {
  const { row, scores } = state;
  const texts = names(state);
  const pitch = Math.min(38, SIZE / texts.length);
  const [before, after] = [softmax(scores[row]), weights(state)[row]];
  const hidden = masked(state)[row];
  const [columns, left, full] = [[96, 148], 178, 120];
  const heads = write(columns[0], TOP - 8, "score", { anchor: "end", size: 12 }) + write(columns[1], TOP - 8, "masked", { anchor: "end", size: 12 }) + write(left, TOP - 8, "weight", { size: 12 });
  const rows = texts.map((text, j) => {
    const y = TOP + pitch * j;
    const middle = near(y + pitch / 2 + 4);
    const bar = (value, from, thick, colour, more) => `<rect x="${left}" y="${near(y + from)}" width="${near(full * value)}" height="${thick}" fill="${colour}" ${more}/>`;
    const gone = hidden[j] === -Infinity;
    return write(52, middle, brief(text, 7), { anchor: "end", weight: gone ? "normal" : "bold" }) +
      write(columns[0], middle, score(scores[row][j]), { anchor: "end" }) + write(columns[1], middle, score(hidden[j]), { anchor: "end" }) +
      bar(before[j], 4, near(pitch - 8), COLOUR.curve, 'fill-opacity=".35"') + bar(after[j], near(pitch / 2 - 5), 10, COLOUR.estimate, "") +
      write(left + full + 54, middle, formatPercent(after[j]), { anchor: "end" });
  });
  const foot = TOP + pitch * texts.length + 18;
  const key = `<rect x="${left}" y="${near(foot - 10)}" width="12" height="12" fill="${COLOUR.curve}" fill-opacity=".35"/>` + write(left + 17, near(foot), "no mask", { size: 12 }) +
    `<rect x="${left + 84}" y="${near(foot - 8)}" width="12" height="8" fill="${COLOUR.estimate}"/>` + write(left + 101, near(foot), "with mask", { size: 12 });
  return write(2, 13, `the row of “${texts[row]}”, from scores to weights`) + heads + rows.join("") + (foot < GRID_HEIGHT ? key : "");
}

/** For a page without scripts. */
export function still(state) {
  const label = `A grid of attention weights, rows look at columns, hatched where they may not look. ${describe(state)}`;
  return stillPicture(drawGrid(state), label, 360, GRID_HEIGHT);
}

// --- the widget ------------------------------------------------------------------------------------------------

export function render({ model, el }) {
  return mount({
    model, el,
    title: "Who may look at whom?",
    names: ["tokens", "scores", "row", "causal", "padding"],
    build({ change, read }) {
      const count = read().tokens.length;
      const grid = picture(360, GRID_HEIGHT);
      const bars = picture(360, GRID_HEIGHT);
      const choose = (row) => row >= 0 && row < count && row !== read().row && change({ row });
      grid.node.addEventListener("pointerdown", (event) => {
        choose(Math.floor(((grid.place(event)[1] - TOP) / SIZE) * count));
      });
      playable(grid.node, (key) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[key];
        if (by) choose(read().row + by);
        return by;
      });
      const row = slider("Row (the token that looks)", { min: 0, max: count - 1, step: 1 }, choose);
      const causal = checkbox("causal mask: nobody looks at later tokens", (on) => change({ causal: on }));
      const most = Math.min(3, count - 1);
      const padding = slider("Padding at the end", { min: 0, max: most, step: 1 }, (some) => change({ padding: some }));

      const draw = (state) => {
        const texts = names(state);
        grid.draw(drawGrid(state), `${count} by ${count} grid of attention weights; the arrow keys up and down choose a row`);
        bars.draw(drawRow(state), `Scores and weights of the row of “${texts[state.row]}”`);
        row.show(state.row, `${state.row + 1}: ${texts[state.row]}`);
        causal.show(state.causal);
        padding.show(state.padding, `${state.padding} of ${count} tokens`, { ticks: linspace(0, most, most + 1).map((tick) => [tick, String(tick)]) });
        return describe(state);
      };
      return { main: grid.node, side: bars.node, controls: columns([row.node], [causal.node, padding.node]), draw };
    },
  });
}

export default { render };
