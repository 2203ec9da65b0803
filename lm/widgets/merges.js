// Byte-pair encoding, one merge after the other, in a text of the reader's own.

export const LONGEST = 1200; // characters
const WORD = /[ \n]?[^ \n]+|[ \n]+(?![^ \n])|[ \n]/g; // the blank before a word belongs to it

const bytesOf = (text) => [...new TextEncoder().encode(text)];

/** The bytes of the text, in pieces over whose borders nothing is merged. */
export const piecesOf = (text, words) => (words ? text.match(WORD) ?? [] : [text]).map(bytesOf).filter((piece) => piece.length);

/** Negative if the byte string a comes before b. */
export function compareBytes(a, b) {
  const i = a.findIndex((byte, at) => byte !== b[at]);
  return i < 0 ? a.length - b.length : (a[i] - (b[i] ?? -1));
}

/** Pairs of neighbours with their counts, the next to be merged first: most frequent, of equals the greatest bytes. */
export function rankedPairs(pieces, vocab) {
  const counts = new Map();
  for (const piece of pieces) {
    for (let i = 1; i < piece.length; i += 1) {
      const key = piece[i - 1] * 65536 + piece[i];
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const pairs = [...counts].map(([key, count]) => ({ pair: [Math.floor(key / 65536), key % 65536], count }));
  const greater = (one, other) => compareBytes(vocab[other.pair[0]], vocab[one.pair[0]]) || compareBytes(vocab[other.pair[1]], vocab[one.pair[1]]);
  return pairs.sort((one, other) => other.count - one.count || greater(one, other));
}

/** Each occurrence of the pair, from the left, becomes the new id. */
export function joined(piece, [first, second], id) {
  const out = [];
  for (let i = 0; i < piece.length; i += 1) {
    const found = piece[i] === first && piece[i + 1] === second;
    out.push(found ? id : piece[i]);
    if (found) i += 1;
  }
  return out;
}

const count = (pieces) => pieces.reduce((sum, piece) => sum + piece.length, 0);
let latest = {};

/** All merges of a text while some pair occurs twice: the merges, the vocabulary, the number of tokens after each. */
export function train(text, words) {
  if (latest.text === text && latest.words === words) return latest;
  const vocab = Array.from({ length: 256 }, (_, byte) => [byte]);
  let pieces = piecesOf(text, words);
  const run = { text, words, vocab, start: pieces, merges: [], sizes: [count(pieces)] };
  for (;;) {
    const [best, second] = rankedPairs(pieces, vocab);
    if (!best || best.count < 2) break;
    const id = vocab.length;
    vocab.push([...vocab[best.pair[0]], ...vocab[best.pair[1]]]);
    pieces = pieces.map((piece) => joined(piece, best.pair, id));
    run.merges.push({ ...best, id, tie: second?.count === best.count });
    run.sizes.push(count(pieces));
  }
  return (latest = run);
}

/** The text in tokens after so many merges. */
export const piecesAfter = ({ start, merges }, steps) =>
  merges.slice(0, steps).reduce((pieces, { pair, id }) => pieces.map((piece) => joined(piece, pair, id)), start);

/** Python's traits, and what follows from them. */
export function complete({ text, merges, words }) {
  const run = train(text, words);
  const steps = Math.min(merges, run.merges.length);
  return { text, words, run, steps, pieces: piecesAfter(run, steps) };
}

// --- words -----------------------------------------------------------------------------------------------------

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A token for the eye: blanks can be seen; bytes that are no whole character are given as hexadecimal numbers. */
export function shown(bytes) {
  try {
    const text = decoder.decode(Uint8Array.from(bytes));
    return { text: text.replaceAll(" ", "␣").replaceAll("\n", "↵").replaceAll("\t", "⇥"), hex: false };
  } catch {
    return { text: bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" "), hex: true };
  }
}

const named = (bytes) => (shown(bytes).hex ? `⟨${shown(bytes).text}⟩` : `“${shown(bytes).text}”`);
const pairText = (vocab, [first, second]) => `${named(vocab[first])} + ${named(vocab[second])}`;
const often = (number) => (number === 1 ? "once" : number === 2 ? "twice" : `${number} times`);
const plural = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

/** The last merge, what it gained, and the next one. */
export function describe({ text, run, steps }) {
  const { vocab, merges, sizes } = run;
  if (!sizes[0]) return "Write a text, and its most frequent pairs of neighbours are merged.";
  const next = merges[steps];
  const after = next ? ` Next: ${pairText(vocab, next.pair)}, ${often(next.count)}${next.tie ? "; of the pairs that occur so often it has the greatest bytes" : ""}.`
    : " No pair occurs twice any more: further merges would only spell out this text.";
  if (steps === 0) return `${plural([...text].length, "character")} ${[...text].length === 1 ? "is" : "are"} ${plural(sizes[0], "byte")}, and each byte is a token.${after}`;
  const { pair, count: times, id } = merges[steps - 1];
  const done = `Merge ${steps}: ${pairText(vocab, pair)} occurs ${often(times)} and becomes ${named(vocab[id])}, id ${id}.`;
  return `${done} The text has ${plural(sizes[steps], "token")} now, ${(sizes[0] / sizes[steps]).toFixed(2)} bytes each.${after}`;
}

// --- pictures --------------------------------------------------------------------------------------------------

/** How many tokens are left after each merge. */
export function drawSizes({ run, steps }) {
  const { sizes } = run;
  const last = Math.max(sizes.length - 1, 1);
  const most = Math.max(sizes[0], 1);
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000].find((one) => most / one <= 5) ?? 2000;
  const wide = [1, 2, 5, 10, 20, 25, 50, 100, 200].find((one) => last / one <= 6) ?? 500;
  const upTo = (end, by) => Array.from({ length: Math.floor(end / by) + 1 }, (_, i) => by * i);
  const view = plane({ x: [0, last * 1.03], y: [0, most * 1.06], xTicks: upTo(last, wide), yTicks: upTo(most, step), xLabel: "merges", yLabel: "tokens in the text" });
  return view.axes + stroke(view.line(sizes.map((size, i) => [i, size])), COLOUR.curve, 2.5) +
    dot(view.X(steps), view.Y(sizes[steps]), 6, COLOUR.estimate, 'stroke="currentColor" stroke-width="1.5"');
}

const CELL = 8; // pixels a character, in the still picture
const wideness = (text) => [...text].reduce((sum, sign) => sum + (sign.codePointAt(0) >= 0x2e80 ? 2 : 1), 0);

/** For a page without scripts: the text in boxes, a box a token. */
export function still(raw) {
  const { run, steps, pieces } = complete(raw);
  let [x, y] = [2, 8];
  const boxes = pieces.flat().map((id) => {
    const { text } = shown(run.vocab[id]);
    const width = CELL * wideness(text) + 4;
    if (x + width > 358) [x, y] = [2, y + 26];
    const colour = id === 255 + steps && steps ? COLOUR.estimate : COLOUR.curve;
    const paint = id > 255 ? `fill="${colour}" fill-opacity=".25"` : 'fill="none"';
    const box = `<rect x="${x}" y="${y}" width="${width}" height="21" rx="3" ${paint} stroke="currentColor" stroke-opacity=".35"/>` +
      write(x + 2, y + 15, text).replace("<text", `<text font-family="monospace" textLength="${width - 4}" lengthAdjust="spacingAndGlyphs"`);
    x += width + 2;
    return box;
  });
  return stillPicture(boxes.join(""), `A text cut into tokens after ${plural(steps, "merge")}. ${describe(complete(raw))}`, 360, y + 30);
}

// --- the widget ------------------------------------------------------------------------------------------------

const PAUSE = 900; // milliseconds between two merges
const PAIRS = 6; // in the table
const CHIPS = 40; // of the vocabulary

const mono = (bytes, tag = "span") => {
  const { text, hex } = shown(bytes);
  return element(tag, { class: hex ? "lm-token lm-hex" : "lm-token" }, text);
};

/** The text, token by token, as it flows in the page. */
function tokenText() {
  const node = element("div", { class: "lm-tokens", role: "img", tabindex: "0" });
  const show = ({ run, steps, pieces }) => {
    const fresh = steps ? 255 + steps : -1;
    const ids = pieces.flat();
    node.replaceChildren(...ids.map((id) => {
      const token = mono(run.vocab[id]);
      if (id > 255) token.classList.add(id === fresh ? "lm-fresh" : "lm-learned");
      return token;
    }));
    const told = ids.slice(0, 60).map((id) => shown(run.vocab[id]).text).join(" | ");
    node.setAttribute("aria-label", `The text in ${plural(ids.length, "token")}: ${told}${ids.length > 60 ? " and so on" : ""}`);
  };
  return { node, show };
}

/** The pairs that occur most often now; the first is merged next. */
function pairTable() {
  const body = element("tbody");
  const heads = [...["pair", "how often"].map((text) => element("th", { scope: "col" }, text)), element("td")];
  const table = element("table", { class: "lm-ledger" }, element("thead", {}, element("tr", {}, ...heads)), body);
  const show = ({ run, pieces }) => {
    const rows = rankedPairs(pieces, run.vocab).slice(0, PAIRS);
    const cells = Array.from({ length: PAIRS }, (_, i) => rows[i]);
    body.replaceChildren(...cells.map((row, i) => {
      const pair = row ? row.pair.map((id) => mono(run.vocab[id])) : [];
      return element("tr", {}, element("td", {}, ...(row ? [pair[0], " ", pair[1]] : ["\u00a0"])), element("td", {}, row ? String(row.count) : ""),
        element("td", {}, i === 0 && row ? (row.count > 1 ? "next" : "only once") : ""));
    }));
  };
  return { node: element("div", { class: "lm-scroll" }, table), show };
}

export function render({ model, el }) {
  return mount({
    model, el,
    title: "Merge the most frequent pair, again and again",
    names: ["text", "merges", "words"],
    complete,
    build({ change, read }) {
      const tokens = tokenText();
      const curve = picture();
      const table = pairTable();
      const numbers = readings([["bytes"], ["tokens"], ["bytes a token"], ["vocabulary"]]);
      const vocabulary = element("ul", { class: "lm-words lm-vocabulary" });
      let timer = 0;
      const stop = () => {
        clearInterval(timer);
        timer = 0;
        play.textContent = "Play";
      };
      const last = () => read().run.merges.length;
      const advance = () => {
        const merges = read().steps + 1;
        if (merges >= last()) stop();
        if (merges <= last()) change({ merges });
      };
      const halted = (action) => (...values) => {
        stop();
        action(...values);
      };
      const undo = button("Undo", halted(() => change({ merges: Math.max(read().steps - 1, 0) })));
      const one = button("Merge", halted(() => (read().steps >= last() ? change({ merges: 0 }) : advance())));
      const play = button("Play", () => {
        if (timer) return stop();
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) return change({ merges: last() });
        if (read().steps >= last()) change({ merges: 0 });
        play.textContent = "Pause";
        timer = setInterval(advance, PAUSE);
        advance();
      });
      const steps = slider("Merges done", { min: 0, max: 10, step: 1 }, halted((merges) => change({ merges })));
      const own = textField("Your text", { rows: 4, maxlength: LONGEST }, halted((text) => change({ text })));
      const words = checkbox("split it into words first; a blank goes with the word after it", halted((on) => change({ words: on })));

      const draw = (state) => {
        const { run, steps: done, pieces } = state;
        const { sizes, vocab } = run;
        tokens.show(state);
        curve.draw(drawSizes(state), `The number of tokens falls from ${sizes[0]} to ${sizes.at(-1)} in ${plural(last(), "merge")}`);
        table.show(state);
        steps.show(done, `${done} of ${last()}`, { range: { max: Math.max(last(), 1) }, ticks: [[0, "0"], ...(last() ? [[last(), String(last())]] : [])] });
        own.show(state.text);
        words.show(state.words);
        numbers.show([String(sizes[0]), String(count(pieces)), sizes[0] ? (sizes[0] / sizes[done]).toFixed(2) : "–", `256 + ${done}`]);
        const learned = vocab.slice(256, 256 + done).map((bytes, i) => ({ bytes, id: 256 + i })).slice(-CHIPS).reverse();
        const chips = learned.map(({ bytes, id }) => element("li", {}, element("small", {}, `${id} `), mono(bytes)));
        vocabulary.replaceChildren(...chips, element("li", {}, done > CHIPS ? `${done - CHIPS} more and the 256 bytes` : "the 256 bytes"));
        return describe(state);
      };
      const heading = (text) => element("span", { class: "lm-label" }, text);
      const group = (text, node) => element("div", { class: "lm-column lm-tight" }, heading(text), node);
      const controls = columns([element("div", { class: "lm-buttons" }, undo, one, play), steps.node, own.node, words.node, numbers.node],
        [group("Most frequent pairs", table.node), group("Vocabulary, newest first", vocabulary)]);
      return { main: tokens.node, side: curve.node, controls, draw, stop };
    },
  });
}

export default { render };
