// Light and dark, the panels of a narrow screen, and the place in the page's contents. Works without a server.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  afterTheFirstLook();
  stayAtTheSection();
  themeButton();
  document.querySelectorAll(".panel").forEach(closeAfterAChoice);
  document.querySelectorAll("#page-nav").forEach(followTheReader);
  document.querySelectorAll("pre, .picture-frame, .katex-display, .pst-scrollable-table-container").forEach((box) => reachByKeyboard.observe(box));
});

function themeButton() {
  const button = document.querySelector(".theme-button");
  const root = document.documentElement;
  const system = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const show = (theme) => {
    root.dataset.theme = theme;
    button.setAttribute("aria-pressed", theme === "dark");
  };
  const remember = (theme) => {
    try {
      if (theme === system()) localStorage.removeItem("lm-theme");
      else localStorage.setItem("lm-theme", theme);
    } catch { /* a browser without storage forgets the choice */ }
  };
  button.hidden = false;
  show(root.dataset.theme);
  button.addEventListener("click", () => {
    show(root.dataset.theme === "dark" ? "light" : "dark");
    remember(root.dataset.theme);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    show(system());
    remember(system());
  });
  let onScreen; // paper is light
  addEventListener("beforeprint", () => { onScreen = root.dataset.theme; show("light"); });
  addEventListener("afterprint", () => show(onScreen));
}

function closeAfterAChoice(panel) {
  panel.addEventListener("click", (event) => {
    if (event.target.closest("a") && panel.matches(":popover-open")) panel.hidePopover();
  });
}

// A chapter has fifty thousand elements. At first only those near the window are laid out; when the reader does something,
// the rest is too, a section at a time, or at once before a jump or on paper. A page that is opened at a section or
// again begins with all of it (see layout.html), because places on it must not move then.
function afterTheFirstLook() {
  const root = document.documentElement;
  if (!root.classList.contains("first-look")) return;
  const signs = ["pointermove", "touchstart", "wheel", "scroll", "keydown"];
  const left = [...document.querySelectorAll("article > section > section")];
  const later = window.requestIdleCallback ?? setTimeout;
  const everything = () => root.classList.remove("first-look");
  const next = () => {
    const section = left.shift();
    if (!section) return everything();
    section.style.contentVisibility = "visible";
    later(next);
  };
  const begin = () => {
    signs.forEach((sign) => removeEventListener(sign, begin));
    next();
  };
  signs.forEach((sign) => addEventListener(sign, begin, { passive: true }));
  addEventListener("click", (event) => { if (event.target.closest("a")) everything(); }, { capture: true });
  addEventListener("beforeprint", everything);
}

// Widgets and fonts that start late make the page longer. Who came to a section stays there until they move on.
function stayAtTheSection() {
  const section = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!section || performance.getEntriesByType("navigation")[0]?.type !== "navigate") return;
  const stay = new ResizeObserver(() => section.scrollIntoView({ behavior: "instant" }));
  stay.observe(document.querySelector("main"));
  for (const sign of ["wheel", "touchstart", "pointerdown", "keydown", "hashchange"]) {
    addEventListener(sign, () => stay.disconnect(), { once: true, passive: true });
  }
}

// Mark in the page's contents the last section that has passed the top third of the window. What has not been laid out
// is not asked for its place: parts are looked at within the current section alone.
function followTheReader(contents) {
  const links = [...contents.querySelectorAll("a[href^='#']")];
  const sections = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const lastPassed = (some) => some.filter((section) => section.getBoundingClientRect().top < innerHeight / 3).at(-1);
  const within = (whole) => sections.filter((section) => section && section.parentElement === whole);
  const mark = () => {
    const main = lastPassed(within(document.querySelector("article > section")));
    const current = main && (lastPassed(within(main)) ?? main);
    links.forEach((link, i) => link.toggleAttribute("data-current", current !== undefined && sections[i] === current));
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();
}

// What scrolls sideways on a narrow screen can be focused, so that the arrow keys scroll it. Asked when a box has got its
// size, which is when it comes near the window.
const reachByKeyboard = new ResizeObserver((changes) => {
  for (const { target: box } of changes) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});
