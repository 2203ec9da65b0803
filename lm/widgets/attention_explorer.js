// Where each character of a text looks, in each layer and head of a small GPT.

const MOST = 40; // characters: more would not be seen

let latest = {};
/** Python's traits, and the weights of all heads for this text. */
export function complete(traits) {
  const model = languageModel(traits);
  if (latest.text !== traits.text || latest.model !== model) {
    latest = { text: traits.text, model, attention: traits.text ? forward(model, idsOf(model, traits.text)).attention : [] };
  }
  const letters = [...traits.text];
  const row = Math.min(traits.row ?? letters.length - 1, letters.length - 1);
  return { ...traits, model, letters, row, attention: latest.attention, table: latest.attention[traits.layer - 1]?.[traits.head - 1] ?? [] };
}

/** How many places a head looks back, on average over all rows. */
export const distance = (table) =>
  table.reduce((sum, row, i) => sum + row.reduce((part, weight, j) => part + weight * (i - j), 0), 0) / table.length;

export function describe({ letters, row, layer, head, table }) {
  if (!letters.length) return "Write a text of characters that the model knows.";
  const weights = table[row];
  const order = weights.map((_, j) => j).filter((j) => j <= row).sort((i, j) => weights[j] - weights[i] || i - j);
  const place = (j) => (j === row ? "itself" : `“${visible(letters[j])}” ${row - j} back`);
  const top = order.slice(0, 3).filter((j, i) => i === 0 || weights[j] >= 0.05).map((j) => `${place(j)} (${formatPercent(weights[j])})`);
  const looks = top.length > 1 ? `${top.slice(0, -1).join(", ")} and ${top.at(-1)}` : top[0];
  const far = distance(table);
  return `Layer ${layer}, head ${head}: “${visible(letters[row])}”, character ${row + 1}, looks most at ${looks}. ` +
    `On average over this text the head looks ${formatNumber(far, 2)} characters back.`;
}

// --- pictures --------------------------------------------------------------------------------------------------

const [EDGE, SIDE] = [22, 334];
export const MAP_HEIGHT = EDGE + SIDE + 4;
const LEVELS = 16;

/** One path for each of LEVELS strengths, in a square of side 1 a cell; colour is the square root of the weight. */
function cells(table) {
  const paths = Array.from({ length: LEVELS + 1 }, () => "");
  table.forEach((row, i) => row.slice(0, i + 1).forEach((weight, j) => {
    paths[Math.round(LEVELS * Math.sqrt(weight))] += `M${j} ${i}h1v1h-1z`;
  }));
  return paths.map((d, level) => (level && d ? `<path d="${d}" fill="${COLOUR.curve}" fill-opacity="${(level / LEVELS).toFixed(2)}"/>` : "")).join("");
}

/** A row for each character that looks, a column for each that is looked at. */
export function drawMap({ letters, row, table }) {
  const count = Math.max(letters.length, 1);
  const size = SIDE / count;
  const font = Math.min(14, Math.max(7.5, size * 1.05));
  const middle = (i) => near(EDGE + size * (i + 0.5));
  const label = (x, y, letter, chosen) => write(x, y, visible(letter), { anchor: "middle", size: near(font), weight: chosen ? "bold" : "normal" });
  const names = letters.map((letter, i) => label(EDGE - 10, near(middle(i) + font / 3), letter, i === row) + label(middle(i), EDGE - 7, letter, table[row]?.[i] > 0.1));
  const grid = `<g transform="translate(${EDGE} ${EDGE}) scale(${size.toFixed(4)})">${cells(table)}</g>`;
  const later = `<path d="M${EDGE} ${EDGE}${letters.map((_, i) => `H${near(EDGE + size * (i + 1))}V${near(EDGE + size * (i + 1))}`).join("")}" fill="none" stroke="currentColor" stroke-opacity=".25"/>`;
  const frame = `<rect x="${EDGE}" y="${EDGE}" width="${SIDE}" height="${SIDE}" fill="none" stroke="currentColor" stroke-opacity=".3"/>`;
  const chosen = letters.length ? `<rect x="${EDGE}" y="${near(EDGE + size * row)}" width="${near(size * (row + 1))}" height="${near(size)}" fill="none" stroke="${COLOUR.estimate}" stroke-width="2"/>` : "";
  return names.join("") + grid + later + frame + chosen;
}

const [ACROSS, CELL, LINE] = [10, 35, 45];
const THUMB_TOP = 24 + Math.ceil(MOST / ACROSS) * LINE + 26;

/** The text with the weights of the chosen row, and below it all heads, the shown one framed. */
export function drawText({ letters, row, table, attention, layer, head, heads }) {
  const weights = table[row] ?? [];
  const marks = letters.map((letter, j) => {
    const [x, y] = [4 + CELL * (j % ACROSS), 24 + LINE * Math.floor(j / ACROSS)];
    const shade = j <= row ? `<rect x="${x}" y="${y}" width="${CELL - 3}" height="26" rx="4" fill="${COLOUR.curve}" fill-opacity="${Math.sqrt(weights[j]).toFixed(2)}"/>` : "";
    const strong = j <= row && weights[j] > 0.4;
    const sign = write(x + (CELL - 3) / 2, y + 18.5, visible(letter), { anchor: "middle", size: 16, weight: j === row ? "bold" : "normal" });
    const ring = j === row ? `<rect x="${x}" y="${y}" width="${CELL - 3}" height="26" rx="4" fill="none" stroke="${COLOUR.estimate}" stroke-width="2.5"/>` : "";
    const share = j <= row && weights[j] >= 0.03 ? write(x + (CELL - 3) / 2, y + 39, `${Math.round(100 * weights[j])} %`, { anchor: "middle", size: 10.5 }) : "";
    return shade + (j > row ? sign.replace("<text", '<text fill-opacity=".5"') : strong ? sign.replace('"currentColor"', '"var(--lm-paper, Canvas)"') : sign) + ring + share;
  });
  return write(2, 13, letters.length ? `“${visible(letters[row])}” looks at` : "") + marks.join("") + thumbs({ attention, layer, head, heads });
}

/** Where the little picture of a head stands: x, y and its side. */
export function thumbAt(layer, head, { layers, heads }) {
  const side = Math.min(64, (352 - 8 * heads) / heads, (MAP_HEIGHT - THUMB_TOP - 8 * layers) / layers);
  return [near(4 + (side + 8) * head), near(THUMB_TOP + (side + 8) * layer), near(side)];
}

function thumbs({ attention, layer, head, heads }) {
  const layers = attention.length;
  const drawn = attention.flatMap((tables, l) => tables.map((table, h) => {
    const [x, y, side] = thumbAt(l, h, { layers, heads });
    const frame = l === layer - 1 && h === head - 1 ? `stroke="${COLOUR.estimate}" stroke-width="3"` : 'stroke="currentColor" stroke-opacity=".35"';
    return `<g transform="translate(${x} ${y}) scale(${(side / table.length).toFixed(4)})">${cells(table)}</g><rect x="${x}" y="${y}" width="${side}" height="${side}" fill="none" ${frame}/>`;
  }));
  return (layers ? write(2, THUMB_TOP - 8, "all heads, a line for each layer", { size: 12.5 }) : "") + drawn.join("");
}

/** For a page without scripts. */
export function still(raw) {
  const state = complete(raw);
  const label = `Attention weights of a small GPT on “${state.text}”: a row for each character that looks, a column for each that is looked at. ${describe(state)}`;
  return stillPicture(drawMap(state), label, 360, MAP_HEIGHT);
}

// --- the widget ------------------------------------------------------------------------------------------------

const numbered = (word, count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [i + 1, `${word} ${i + 1}`]));

export function render({ model, el }) {
  return mount({
    model, el,
    title: "Who looks at whom in a trained model?",
    names: ["weights", "heads", "characters", "text", "layer", "head", "row"],
    complete,
    build({ change, read }) {
      const { model: gpt, heads } = read();
      const { layers } = gpt;
      const map = picture(360, MAP_HEIGHT);
      const strip = picture(360, MAP_HEIGHT);
      const choose = (row) => row >= 0 && row < read().letters.length && row !== read().row && change({ row });
      const point = (event) => choose(Math.floor(((map.place(event)[1] - EDGE) / SIDE) * read().letters.length));
      map.node.addEventListener("pointermove", point);
      map.node.addEventListener("pointerdown", point);
      const look = (event) => {
        const [x, y] = strip.place(event);
        const [across, line] = [Math.floor((x - 4) / CELL), Math.floor((y - 24) / LINE)];
        if (across >= 0 && across < ACROSS && line >= 0 && y < THUMB_TOP - 20) choose(line * ACROSS + across);
      };
      strip.node.addEventListener("pointermove", look);
      strip.node.addEventListener("pointerdown", (event) => {
        const [x, y] = strip.place(event);
        for (let l = 0; l < layers; l += 1) {
          for (let h = 0; h < heads; h += 1) {
            const [left, top, side] = thumbAt(l, h, { layers, heads });
            if (x >= left && x <= left + side && y >= top && y <= top + side) return change({ layer: l + 1, head: h + 1 });
          }
        }
        return look(event);
      });
      playable(map.node, (key) => {
        const [right, down] = ARROWS[key] ?? [];
        if (down === undefined) return undefined;
        if (down) choose(read().row + down);
        const { layer, head } = read();
        const at = ((layer - 1) * heads + head - 1 + right + layers * heads) % (layers * heads);
        if (right) change({ layer: Math.floor(at / heads) + 1, head: (at % heads) + 1 });
        return true;
      });
      const own = textField("Your text", { maxlength: Math.min(gpt.block, MOST), clean: knownText(gpt), hint: `at most ${Math.min(gpt.block, MOST)} characters that the model knows` },
        (text) => change({ text, row: null }));
      const row = slider("The character that looks", { min: 0, max: 1, step: 1 }, choose);
      const layer = choice("Layer", numbered("layer", layers), (value) => change({ layer: Number(value) }));
      const head = choice("Head", numbered("head", heads), (value) => change({ head: Number(value) }));

      const draw = (state) => {
        map.draw(drawMap(state), "Heat map of attention weights; arrow keys up and down choose the character that looks, left and right the head");
        strip.draw(drawText(state), "The text, each character shaded by the weight that it gets, and small maps of all heads");
        own.show(state.text);
        const letter = state.letters[state.row];
        row.show(state.row, letter === undefined ? "" : `${state.row + 1}: ${visible(letter)}`, { range: { max: Math.max(state.letters.length - 1, 1) } });
        layer.show(state.layer);
        head.show(state.head);
        return describe(state);
      };
      return { main: map.node, side: strip.node, controls: columns([own.node, row.node], [layer.node, head.node]), draw };
    },
  });
}

export default { render };
