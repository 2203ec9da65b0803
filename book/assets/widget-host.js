// Starts the things to play with on a page, without Jupyter's widget manager and without a server.
// A widget is an ES module in anywidget's form. Its text comes in parts, from classic scripts that fill
// lmWidgetParts, and is imported from memory, because a page opened from a folder may not import files. What several
// widgets share is one part, loaded once. Until a widget runs, and if it fails, its picture stays.
"use strict";

(() => {
  // The part of anywidget's model that a widget without a kernel needs.
  class Model {
    #state;
    #listeners = new Map();

    constructor(state) { this.#state = { ...state }; }

    get(name) { return this.#state[name]; }

    set(name, value) {
      if (Object.is(this.#state[name], value)) return;
      this.#state[name] = value;
      this.#tell(`change:${name}`, value);
      this.#tell("change", value);
    }

    on(events, callback) {
      for (const event of events.split(/\s+/)) {
        if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
        this.#listeners.get(event).add(callback);
      }
    }

    off(events, callback) {
      if (events == null) return this.#listeners.clear();
      for (const event of events.split(/\s+/)) {
        if (callback) this.#listeners.get(event)?.delete(callback);
        else this.#listeners.delete(event);
      }
    }

    save_changes() {} // nobody else holds a copy
    send() {}

    #tell(event, value) {
      for (const callback of [...(this.#listeners.get(event) ?? [])]) callback(this, value);
    }
  }

  const modules = new Map();

  function load(name) {
    if (!modules.has(name)) {
      const parts = window.lmWidgetParts ?? {};
      if (!parts[name]) throw new Error("no source of this name");
      const source = [...parts[name].needs, name].map((part) => parts[part].source).join("\n");
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      modules.set(name, import(url).finally(() => URL.revokeObjectURL(url)));
    }
    return modules.get(name);
  }

  // Data that several widgets of a page use, or that would make the page heavy, stands in a script of its own.
  const unfold = (key, value) => (typeof value?.$data === "string" ? window.lmWidgetData[value.$data] : value);

  async function start(place) {
    const picture = [...place.childNodes];
    const el = document.createElement("div");
    try {
      const model = new Model(JSON.parse(place.dataset.state || "{}", unfold));
      const { default: widget } = await load(place.dataset.widget);
      place.append(el); // in the page, so that the widget can measure itself
      await widget.initialize?.({ model });
      await widget.render({ model, el });
      picture.forEach((node) => node.remove());
      place.dataset.started = "";
    } catch (error) {
      el.remove();
      console.error(`The widget "${place.dataset.widget}" did not start:`, error);
    }
  }

  document.querySelectorAll(".lm-widget").forEach(start);
})();
