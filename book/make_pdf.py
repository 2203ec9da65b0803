"""The whole book as one PDF, printed by Chromium: `make pdf`.

    python book/make_pdf.py _build/html _build/language-models-from-nothing.pdf

The pages of the built site are put one behind the other, in the order of the contents, into a single page with links
that lead within it. Things to play with are printed as their pictures.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from html import escape
from pathlib import Path

import yaml

TOC = Path(__file__).with_name("_toc.yml")
ARTICLE = re.compile(r"<article>(.*)</article>", re.DOTALL)
HEAD = re.compile(r'<link rel="stylesheet"[^>]*>')
IDS = re.compile(r'\b(id|for|aria-labelledby|aria-describedby)="([^"]+)"')
FRAGMENTS = re.compile(r'(href="#|url\(#)([^")]+)')
PAGES = re.compile(r'href="([\w-]+)\.html(?:#([^"]*))?"')
HEADER = "<span></span>"
FOOTER = (
    '<p style="width: 100%; margin: 0; text-align: center; font: 8pt sans-serif; color: #666">'
    '<span class="pageNumber"></span></p>'
)
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (  # as root in a container, and asking nothing of the outside world
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def names() -> list[str]:
    """The pages of the book in the order of its contents."""
    toc = yaml.safe_load(TOC.read_text(encoding="utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


def chapter_of(name: str, page: str, known: list[str]) -> str:
    """The text of one page, with the page's name before each of its ids, so that no two pages share one."""
    found = ARTICLE.search(page)
    if not found:
        raise SystemExit(f"{name}.html has no <article>: it is no page of this book")
    text = IDS.sub(lambda m: f'{m[1]}="{" ".join(f"{name}--{part}" for part in m[2].split())}"', found[1])
    text = FRAGMENTS.sub(lambda m: f"{m[1]}{name}--{m[2]}", text)
    text = PAGES.sub(lambda m: f'href="#{m[1]}{"--" + m[2] if m[2] else ""}"' if m[1] in known else m[0], text)
    text = text.replace('<details class="sd-', '<details open class="sd-')  # proofs and answers; long code stays folded
    return f'<article id="{name}" class="printed">{text}</article>'


def whole_book(site: Path) -> str:
    """All pages as one."""
    known = names()
    if missing := [name for name in known if not (site / f"{name}.html").is_file()]:
        raise SystemExit(f"{site} holds no {missing[0]}.html; build the book with `make book` first")
    pages = {name: (site / f"{name}.html").read_text(encoding="utf-8") for name in known}
    styles = dict.fromkeys(link for page in pages.values() for link in HEAD.findall(page))
    title = re.search(r"<title>(.*?)</title>", pages[known[0]])
    return "\n".join(
        [
            '<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">',
            f"<title>{title[1] if title else escape(site.name)}</title>",
            *styles,
            "<style>.printed + .printed { break-before: page; }</style></head><body><main>",
            *(chapter_of(name, page, known) for name, page in pages.items()),
            "</main></body></html>",
        ]
    )


def chromium() -> str:
    """A Chromium of this machine: the one that CHROMIUM names, one on the path, or one that Playwright has fetched."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None) or playwrights_own()
    if program is None:
        raise SystemExit("no Chromium was found; install one, or set CHROMIUM to the path of the program")
    return program


def playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as play:
        path = play.chromium.executable_path
    return path if Path(path).exists() else None


def print_book(site: Path, pdf: Path) -> None:
    """Write the PDF, with an outline and tags for screen readers."""
    from playwright.sync_api import sync_playwright

    book, program = whole_book(site), chromium()
    with (
        tempfile.NamedTemporaryFile("w", dir=site, suffix=".html", encoding="utf-8") as page,
        sync_playwright() as play,
    ):
        page.write(book)
        page.flush()
        browser = play.chromium.launch(executable_path=program, args=FLAGS)
        context = browser.new_context(java_script_enabled=False)  # pictures stand for the things to play with
        view = context.new_page()
        view.goto(Path(page.name).as_uri(), wait_until="load", timeout=120_000)
        pdf.parent.mkdir(parents=True, exist_ok=True)
        margins = dict.fromkeys(("left", "right"), "22mm") | dict.fromkeys(("top", "bottom"), "20mm")
        view.pdf(
            path=pdf,
            format="A4",
            margin=margins,
            outline=True,
            tagged=True,
            print_background=True,
            display_header_footer=True,
            header_template=HEADER,
            footer_template=FOOTER,
        )
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, help="the folder of the built book")
    parser.add_argument("pdf", type=Path, help="the file to write")
    arguments = parser.parse_args()
    print_book(arguments.site, arguments.pdf)
    print(f"wrote {arguments.pdf} ({arguments.pdf.stat().st_size / 2**20:.1f} MB)", file=sys.stderr)
