// Light and dark, the panels of a narrow screen, and the place in the page's contents. Works without a server.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  themeButton();
  document.querySelectorAll(".panel").forEach(closeAfterAChoice);
  document.querySelectorAll("#page-nav").forEach(followTheReader);
  reachByKeyboard();
  addEventListener("resize", reachByKeyboard);
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

// Mark in the page's contents the last heading that has passed the top third of the window.
function followTheReader(contents) {
  const links = [...contents.querySelectorAll("a[href^='#']")];
  const sections = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const mark = () => {
    const passed = sections.filter((section) => section?.getBoundingClientRect().top < innerHeight / 3);
    const current = passed.at(-1);
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

// What scrolls sideways on a narrow screen can be focused, so that the arrow keys scroll it.
function reachByKeyboard() {
  for (const box of document.querySelectorAll("pre, .picture-frame, .katex-display, .pst-scrollable-table-container")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
