// Runs Python (Pyodide) beside the page, so that it can be stopped. Each run has names of its own.
let python = null;

async function load(folder) {
  const { loadPyodide } = await import(`${folder}pyodide.mjs`);
  const python = await loadPyodide({ indexURL: folder });
  const files = await (await fetch(`${folder}course-files.json`)).json();
  for (const [path, text] of Object.entries(files)) {
    python.FS.mkdirTree(`/course/${path.slice(0, path.lastIndexOf("/"))}`);
    python.FS.writeFile(`/course/${path}`, text);
  }
  python.runPython("import sys; sys.path.insert(0, '/course')");
  return python;
}

// The traceback of the reader's own code, without the lines of what runs it.
function shortened(message) {
  const lines = message.trimEnd().split("\n");
  const first = lines.findIndex((line) => line.includes('File "<cell>"'));
  return `${(first > 0 ? [lines[0], ...lines.slice(first)] : lines.slice(-1)).join("\n")}\n`;
}

async function run({ prelude, code }) {
  const interpreter = await python;
  const names = interpreter.toPy({ __name__: "__main__" });
  let error = false;
  const say = (text) => postMessage({ text: `${text}\n` });
  try {
    interpreter.setStdout({ batched: () => {} });
    interpreter.runPython(prelude, { globals: names, filename: "<before>" });
    postMessage({ started: true });
    interpreter.setStdout({ batched: say });
    interpreter.setStderr({ batched: say });
    const value = interpreter.runPython(code, { globals: names, filename: "<cell>" });
    if (value !== undefined) {
      const repr = interpreter.globals.get("repr");
      say(repr(value));
      repr.destroy();
    }
  } catch (problem) {
    error = true;
    postMessage({ text: shortened(problem.message) });
  }
  names.destroy();
  postMessage({ done: true, error });
}

onmessage = ({ data }) => {
  if (data.folder) {
    python = load(data.folder);
    python.catch(() => postMessage({ failed: "Python could not be loaded." }));
  } else run(data).catch((problem) => postMessage({ failed: String(problem) }));
};
