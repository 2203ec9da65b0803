// Which letter follows which: counts of pairs as a heat map, and names drawn from them letter by letter.

export const KS = [0, 0.01, 0.1, 0.3, 1, 3, 10, 100];

/** The probabilities of the next letter after a row of counts, k added to each; an empty row knows nothing: all alike. */
export function nextLetter(row, k) {
  const total = row.reduce((sum, count) => sum + count + k, 0);
  return row.map((count) => (total > 0 ? (count + k) / total : 1 / row.length));
}

/** Finished names, the letters of the one that is being written, and the last draw, after so many draws. */
export function drawn({ counts, letters, k, draws, seed }) {
  const rows = counts.map((row) => nextLetter(row, k));
  const words = [];
  let word = "";
  let last = null;
  let first = 0;
  for (let index = 0; index < draws; index += 1) {
    const second = pick(rows[first], uniformNumber(seed, index));
    last = { first: letters[first], second: letters[second], p: rows[first][second] };
    if (second === 0) {
      words.push(word);
      word = "";
    } else word += letters[second];
    first = second;
  }
  return { words, word, last };
}

const named = (letter, second = false) => (letter !== "." ? `“${letter}”` : second ? "the end" : "the start");
const times = (count) => (count === 1 ? "once" : count === 2 ? "twice" : `${count.toLocaleString("en")} times`);

/** The pair that is chosen, or the letter that was just drawn, and what the colour means. */
export const describe = (state) => `${tell(state)} Stronger colour: ${state.share ? "more probable in their row" : "counted more often"}.`;

function tell(state) {
  const { counts, letters, first, second, k } = state;
  const row = counts[letters.indexOf(first)];
  const count = row[letters.indexOf(second)];
  const total = row.reduce((sum, one) => sum + one, 0);
  const p = nextLetter(row, k)[letters.indexOf(second)];
  const { words, word, last } = drawn(state);
  if (last && last.first === first && last.second === second) {
    const share = `A letter was drawn from the row of ${named(first)}: ${named(second, true)}, probability ${formatPercent(p)}.`;
    return `${share} ${second === "." ? `The name is ${words.at(-1) || "empty"}.` : `The name so far: ${word}.`}`;
  }
  const pair = `${named(second, true)} follows ${named(first)} ${count ? times(count) : "never"}`;
  const facts = pair.charAt(0).toUpperCase() + pair.slice(1) +
    `; the row of ${named(first)} holds ${total.toLocaleString("en")} pairs.`;
  const smoothed = k ? ` With ${formatNumber(k)} added to every count` : " So";
  if (p > 0) return `${facts}${smoothed} its probability is ${formatPercent(p)}.`;
  return `${facts} So its probability is 0: a name with this pair is impossible for the model, and its loss is infinite.`;
}

// --- pictures --------------------------------------------------------------------------------------------------

const EDGE = 18;
const SIDE = 340;
const LEVELS = 14; // of colour; one path a level keeps the picture small
const cellSize = ({ letters }) => SIDE / letters.length;

/** From 0 to 1 how strongly each cell is coloured: counts on a logarithmic scale, probabilities on a square-root one. */
function strengths({ counts, k, share }) {
  const values = counts.map((row) => (share ? nextLetter(row, k) : row.map((count) => count + k)));
  const scale = share ? Math.sqrt : (value) => Math.log1p(value);
  const most = Math.max(...values.flat().map(scale)) || 1;
  return values.map((row) => row.map((value) => scale(value) / most));
}

/** A row for each first letter, a column for each letter that follows. */
export function drawMap(state) {
  const { letters, first, second } = state;
  const size = cellSize(state);
  const paths = Array.from({ length: LEVELS + 1 }, () => "");
  strengths(state).forEach((row, i) => row.forEach((strength, j) => {
    const level = strength > 0 ? Math.max(1, Math.round(LEVELS * strength)) : 0;
    paths[level] += `M${j} ${i}h1v1h-1z`;
  }));
  const cells = paths.slice(1).map((d, level) => d && `<path d="${d}" fill="${COLOUR.curve}" fill-opacity="${near(100 * (level + 1) / LEVELS) / 100}"/>`);
  const [i, j] = [letters.indexOf(first), letters.indexOf(second)];
  const label = (letter, x, y, chosen) => write(near(x), near(y), letter === "." ? "·" : letter,
    { anchor: "middle", size: chosen ? 13 : 10.5, weight: chosen ? "bold" : "normal" });
  const middle = (index) => EDGE + size * (index + 0.5);
  const names = [...letters].map((letter, index) =>
    label(letter, EDGE - 9, middle(index) + 3.5, index === i) + label(letter, middle(index), EDGE - 5, index === j)).join("");
  const box = (x, width, line) =>
    `<rect x="${near(x)}" y="${near(EDGE + size * i)}" width="${near(width)}" height="${near(size)}" fill="none" stroke="${COLOUR.estimate}" stroke-width="${line}"/>`;
  const frame = `<rect x="${EDGE}" y="${EDGE}" width="${SIDE}" height="${SIDE}" fill="none" stroke="currentColor" stroke-opacity=".35"/>`;
  const grid = `<g transform="translate(${EDGE} ${EDGE}) scale(${size.toFixed(4)})">${cells.join("")}</g>`;
  return names + grid + frame + box(EDGE, SIDE, 1.5) + box(EDGE + size * j, size, 3);
}

/** The chosen row as bars: the distribution that the next letter is drawn from. */
export function drawRow(state) {
  const { letters, first, second, counts, k } = state;
  const p = nextLetter(counts[letters.indexOf(first)], k);
  const most = Math.max(...p);
  const step = [0.05, 0.1, 0.2, 0.25].find((one) => most / one <= 4.2) ?? 0.5;
  const ticks = linspace(0, 5, 6).map((i) => step * i).filter((tick) => tick <= 1.001);
  const view = plane({
    x: [-0.7, letters.length - 0.3], y: [0, Math.max(most * 1.08, step)],
    yTicks: ticks.filter((tick) => tick <= most * 1.08 || tick === step).map((tick) => [tick, `${Math.round(100 * tick)} %`]),
    yLabel: `probability of the next letter after ${named(first)}`,
  });
  const wide = view.X(0.8) - view.X(0);
  const bars = p.map((share, i) => {
    const chosen = letters[i] === second;
    const y = view.Y(share);
    return `<rect x="${near(view.X(i) - wide / 2)}" y="${y}" width="${near(wide)}" height="${near(view.Y(0) - y)}" fill="${chosen ? COLOUR.estimate : COLOUR.curve}"/>` +
      write(view.X(i), view.Y(0) + 15, letters[i] === "." ? "·" : letters[i], { anchor: "middle", size: chosen ? 14 : 11, weight: chosen ? "bold" : "normal" });
  });
  return view.axes + bars.join("") + write(350, 256, "· is the end of the name", { anchor: "end", size: 12 });
}

/** For a page without scripts. */
export function still(state) {
  const label = "Heat map of letter pairs in given names: a row for each letter, a column for the letter that " +
    `follows. ${describe(state)}`;
  return stillPicture(drawMap(state), label, 360, EDGE + SIDE + 2);
}

// --- the widget ------------------------------------------------------------------------------------------------

const PAUSE = 450; // milliseconds between two letters
const MOST_DRAWS = 500;
const SHOWN = 12; // names

export function render({ model, el }) {
  return mount({
    model, el,
    title: "Which letter follows which?",
    names: ["letters", "counts", "first", "second", "k", "share", "draws", "seed"],
    build({ change, read }) {
      const { letters } = read();
      const size = cellSize({ letters });
      const map = picture(360, EDGE + SIDE + 2);
      const bars = picture();
      let timer = 0;
      const stop = () => {
        clearInterval(timer);
        timer = 0;
        name.textContent = "Draw a name";
      };
      const choose = (values) => {
        stop();
        change(values);
      };

      const cellAt = (event) => {
        const [x, y] = map.place(event);
        return [y, x].map((place) => Math.floor((place - EDGE) / size));
      };
      const point = (event) => {
        const [i, j] = cellAt(event);
        const [first, second] = [letters[i], letters[j]];
        if (!first || !second || (first === read().first && second === read().second)) return;
        choose({ first, second });
      };
      map.node.addEventListener("pointermove", point);
      map.node.addEventListener("pointerdown", point);
      playable(map.node, (key) => {
        const [right, down] = ARROWS[key] ?? [];
        if (down === undefined) return undefined;
        const moved = (letter, by) => letters[(letters.indexOf(letter) + by + letters.length) % letters.length];
        choose({ first: moved(read().first, down), second: moved(read().second, right) });
        return true;
      });

      const options = (mark) => Object.fromEntries([...letters].map((letter) => [letter, letter === "." ? `· (${mark})` : letter]));
      const firsts = choice("First letter (row)", options("start"), (first) => choose({ first }));
      const seconds = choice("Next letter (column)", options("end"), (second) => choose({ second }));
      const smoothing = slider("k added to every count", { min: 0, max: KS.length - 1, step: 1 }, (place) => choose({ k: KS[place] }));
      const share = checkbox("colour by the probability in the row", (on) => change({ share: on }));
      const words = element("ul", { class: "lm-words" });
      const advance = () => {
        const { draws, seed } = read();
        const next = draws < MOST_DRAWS ? { draws: draws + 1 } : { draws: 1, seed: seed + 1 };
        const { last } = drawn({ ...read(), ...next });
        change({ ...next, first: last.first, second: last.second });
        return last.second === letters[0];
      };
      const letter = button("Draw a letter", () => {
        stop();
        advance();
      });
      const name = button("Draw a name", () => {
        if (timer) return stop();
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
          while (!advance());
          return;
        }
        name.textContent = "Pause";
        timer = setInterval(() => advance() && stop(), PAUSE);
        if (advance()) stop();
      });

      const draw = (state) => {
        const { first, second, k } = state;
        map.draw(drawMap(state), `Heat map of ${letters.length} by ${letters.length} letter pairs; arrow keys move the chosen pair`);
        bars.draw(drawRow(state), `Bars: how likely each letter is after ${named(first)}`);
        firsts.show(first);
        seconds.show(second);
        smoothing.show(KS.indexOf(k), formatNumber(k), { ticks: KS.map((one, place) => [place, formatNumber(one)]) });
        share.show(state.share);
        const { words: done, word } = drawn(state);
        const texts = [...done.slice(-SHOWN).map((one) => one || "(empty)"), ...(word ? [`${word}_`] : [])];
        words.replaceChildren(...(texts.length ? texts : ["no names drawn yet"]).map((text) => element("li", {}, text)));
        return describe(state);
      };
      const buttons = element("div", { class: "lm-buttons" }, letter, name);
      const controls = columns([buttons, words, smoothing.node], [firsts.node, seconds.node, share.node]);
      return { main: map.node, side: bars.node, controls, draw, stop };
    },
  });
}

export default { render };
