// Cells in plain Python that the reader can edit and run. Python itself is loaded at the first run.
"use strict";

(() => {
  if (location.protocol === "file:") return; // a page opened from a folder may not start Python
  const LIMIT = 20; // seconds for one run
  const preludes = JSON.parse(document.getElementById("runnable").textContent);
  const folder = new URL("python/", document.currentScript.src).href;
  const workerFile = new URL("python-worker.mjs", document.currentScript.src).href;

  let worker = null; // one for the whole page; a stopped one is replaced at the next run
  let running = null; // the cell at work: {finish}

  function start() {
    worker = new Worker(workerFile, { type: "module" });
    worker.onmessage = ({ data }) => running?.hear(data);
    worker.onerror = () => running?.hear({ failed: "Python could not be loaded." });
    worker.postMessage({ folder });
  }

  function stop() {
    worker?.terminate();
    worker = null;
  }

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function makeRunnable(cell, prelude) {
    const block = cell.querySelector(".cell_input .highlight");
    const original = block.querySelector("pre").textContent.replace(/\n$/, "");
    const button = (text, action) => element("button", { type: "button", textContent: text, onclick: action });
    const edit = button("Edit and run", open);
    const run = button("Run", begin);
    const halt = button("Stop", () => end("Stopped."));
    const reset = button("Back to the page's own", close);
    const status = element("span", { className: "run-status", role: "status" });
    const tools = element("div", { className: "run-tools" }, edit, run, halt, reset, status);
    const editor = element("textarea", { spellcheck: false, autocapitalize: "off", value: original });
    editor.setAttribute("aria-label", "Python code, to be edited; Control and Enter run it, Escape leaves it");
    const output = element("pre", { className: "run-output", tabIndex: 0 });
    output.setAttribute("aria-label", "What your code has printed");
    let timer;

    function show(state) {
      editor.hidden = state === "closed";
      block.hidden = state !== "closed";
      edit.hidden = state !== "closed";
      run.hidden = state !== "open";
      reset.hidden = state !== "open";
      halt.hidden = state !== "running";
    }

    function fit() {
      editor.rows = editor.value.split("\n").length;
    }

    function open() {
      show("open");
      fit();
      editor.focus();
    }

    function close() {
      editor.value = original;
      output.remove();
      status.textContent = "";
      show("closed");
      edit.focus();
    }

    function begin() {
      running?.end("Stopped.");
      show("running");
      halt.focus();
      output.textContent = "";
      output.remove();
      status.textContent = worker ? "Running …" : "Loading Python, 6 MB, once …";
      running = { hear, end };
      if (!worker) start();
      worker.postMessage({ prelude, code: editor.value });
    }

    function hear(message) {
      if (message.started) {
        status.textContent = "Running …";
        timer = setTimeout(() => end(`Stopped after ${LIMIT} seconds.`), LIMIT * 1000);
      }
      if (message.text) {
        if (!output.isConnected) tools.after(output);
        output.append(message.text);
      }
      if (message.failed) end(message.failed);
      if (message.done) finish(message.error ? "Ended with an error." : "Done.");
    }

    function end(why) {
      stop(); // whatever Python is doing
      finish(why);
    }

    function finish(text) {
      clearTimeout(timer);
      running = null;
      status.textContent = text;
      const focused = document.activeElement === halt;
      show("open");
      if (focused) run.focus();
    }

    editor.addEventListener("input", fit);
    editor.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        begin();
      } else if (event.key === "Escape") run.focus();
      else if (event.key === "Tab" && !event.shiftKey && editor.selectionStart !== editor.selectionEnd) return;
      else if (event.key === "Enter") {
        const line = editor.value.slice(0, editor.selectionStart).split("\n").at(-1);
        const indent = /^ */.exec(line)[0] + (line.trimEnd().endsWith(":") ? "    " : "");
        if (indent) {
          event.preventDefault();
          editor.setRangeText(`\n${indent}`, editor.selectionStart, editor.selectionEnd, "end");
          fit();
        }
      }
    });
    show("closed");
    block.after(editor);
    cell.querySelector(".cell_input").after(tools);
  }

  for (const [name, prelude] of Object.entries(preludes)) makeRunnable(document.getElementById(name), prelude);
})();
