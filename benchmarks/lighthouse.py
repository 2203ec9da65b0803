"""What Lighthouse says about each page of the built book: mobile, simulated network, the median of three runs.

    python benchmarks/lighthouse.py _build/html [PAGE ...]

A report and no test: the score for performance depends on the machine and on what else it does. Wanted: performance
0.90, accessibility 1.00, best practices and SEO 0.95. Lighthouse comes with `npx` at the first run.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "book"))
from make_pdf import FLAGS, chromium, names

LIGHTHOUSE = "lighthouse@13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TEXT = (".html", ".css", ".js", ".mjs", ".svg", ".json")


class Compressing(SimpleHTTPRequestHandler):
    """Serves the site as a web server would: text compressed, and kept by the browser."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file() or path.suffix not in TEXT:
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=31536000")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def scores(address: str) -> dict[str, float]:
    """One run of Lighthouse: the score of each category."""
    flags = " ".join(("--headless=new", *FLAGS))
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    command.append(f"--only-categories={','.join(CATEGORIES)}")
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"CHROME_PATH": chromium()})
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout)["categories"]
    return {name: found[name]["score"] or 0.0 for name in CATEGORIES}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("pages", nargs="*", help="names without .html; all pages if none is given")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    if shutil.which("npx") is None:
        raise SystemExit("Lighthouse is fetched and started with `npx`, which comes with node; install node")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressing, directory=str(arguments.site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{'page':24}" + "".join(f"{name:>16}" for name in CATEGORIES))
    for name in arguments.pages or names():
        runs = [scores(f"http://127.0.0.1:{server.server_port}/{name}.html") for _ in range(arguments.runs)]
        medians = [statistics.median(run[category] for run in runs) for category in CATEGORIES]
        print(f"{name:24}" + "".join(f"{value:16.2f}" for value in medians), flush=True)


if __name__ == "__main__":
    main()
