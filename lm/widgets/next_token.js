// What a small GPT expects after a text, and texts that it continues.

let latest = {};
/** Python's traits, and the distribution after the text and what has been written. */
export function complete(traits) {
  const model = languageModel(traits);
  const whole = traits.text + traits.written;
  const seen = [...whole].slice(-model.block);
  if (latest.model !== model || latest.seen !== seen.join("")) {
    latest = { model, seen: seen.join(""), logits: seen.length ? forward(model, idsOf(model, seen)).logits : null };
  }
  const state = { ...traits, ...settings(traits), model, whole, seen };
  return { ...state, found: latest.logits && distribution(latest.logits, state) };
}

const MOST_WRITTEN = 240;
/** The text with one character more, by the next random number of the seed. */
export function oneMore(state) {
  const id = pick(state.found.after, uniformNumber(state.seed, [...state.written].length));
  return state.written + state.model.characters[id];
}

const ending = (text, count) => `${[...text].length > count ? "…" : ""}${[...text].slice(-count).join("")}`;
const inWords = (text) => visible(text.replaceAll("\n", "↵"));

export function describe(state) {
  const { whole, found, model } = state;
  if (!found) return "Write a text of characters that the model knows.";
  const cut = [...whole].length > model.block ? ` The model sees the last ${model.block} characters.` : "";
  return `After “${inWords(ending(whole, 16))}”: ${describeDistribution(found, state, model.characters)}${cut}`;
}

const heading = ({ whole }) => `next character after “${inWords(ending(whole, 12))}”`;

/** For a page without scripts. */
export function still(raw) {
  const state = complete(raw);
  const label = `Bars: the probabilities of the next character, before (pale) and after temperature, top-k and top-p. ${describe(state)}`;
  return stillPicture(drawDistribution(state.found, state.model.characters, heading(state)), label);
}

// --- the widget ------------------------------------------------------------------------------------------------

const PAUSE = 60; // milliseconds between two characters
const AT_ONCE = 80; // characters that a press of the button adds

export function render({ model, el }) {
  return mount({
    model, el,
    title: "What comes next?",
    names: ["weights", "heads", "characters", "text", "written", "temperature", "top_k", "top_p", "seed"],
    complete,
    build({ change, read }) {
      const gpt = read().model;
      const { characters } = gpt;
      const bars = picture();
      const sums = picture();
      let timer = 0;
      let left = 0;
      const stop = () => {
        clearInterval(timer);
        timer = 0;
        go.textContent = "Continue";
      };
      const halted = (values) => {
        stop();
        change(values);
      };
      const add = () => {
        const state = read();
        if (!state.found) return false;
        const full = [...state.written].length >= MOST_WRITTEN;
        change({ written: full ? "" : oneMore(state), ...(full ? { seed: (state.seed + 1) % 1000 } : {}) });
        left -= 1;
        return left > 0;
      };
      const run = () => {
        left = AT_ONCE;
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
          while (add());
          return;
        }
        go.textContent = "Pause";
        timer = setInterval(() => add() || stop(), PAUSE);
        add();
      };
      const own = textField("Your text", { rows: 3, maxlength: 400, clean: knownText(gpt), hint: "characters that the model does not know are left out" },
        (text) => halted({ text, written: "" }));
      const one = button("One character", () => {
        stop();
        left = 1;
        add();
      });
      const go = button("Continue", () => (timer ? stop() : run()));
      const again = button("Another continuation", () => {
        halted({ written: "", seed: (read().seed + 1) % 1000 });
        run();
      });
      const controls = decodingControls(characters.length, change);
      const page = element("p", { class: "lm-written", tabindex: "0", role: "group", "aria-label": "The text and its continuation" });
      const key = readings([["before: T = 1, nothing cut", COLOUR.curve], ["after", COLOUR.estimate]]);

      const draw = (state) => {
        const { found } = state;
        own.show(state.text);
        controls.show(state);
        page.replaceChildren(state.text, element("mark", {}, state.written || "…"));
        if (!found) return describe(state);
        bars.draw(drawDistribution(found, characters, heading(state)), "Bars: the probability of each next character, before and after");
        sums.draw(drawCumulative(found, state), `Running sums of the probabilities, best first: ${found.kept} of ${characters.length} characters are kept`);
        const top = found.order[0];
        key.show([`${quoted(characters[top])} ${formatPercent(found.before[top])}`, formatPercent(found.after[top])]);
        return describe(state);
      };
      const text = element("div", { class: "lm-column lm-tight" }, element("span", { class: "lm-label" }, "The text goes on"), page);
      return {
        main: bars.node, side: sums.node, draw, stop,
        controls: columns([own.node, ...controls.nodes], [element("div", { class: "lm-buttons" }, one, go, again), text, key.node]),
      };
    },
  });
}

export default { render };
