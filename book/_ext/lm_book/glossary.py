"""The first use of a term on a chapter's page leads to the glossary, and the week in the glossary leads back."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

GLOSSARY = "glossary"
WEEK = re.compile(r"\bWeeks? (\d)(?: and (\d))?\.$")
CHAPTER = re.compile(r"week(\d)-[a-z-]+$")
NO_PLACE_FOR_LINKS = (
    nodes.title,
    nodes.caption,
    nodes.literal,
    nodes.math,
    nodes.reference,
    nodes.FixedTextElement,
    nodes.raw,
    nodes.system_message,  # a label like its heading leaves one, and nobody sees it
    nodes.table,
    addnodes.pending_xref,
    addnodes.download_reference,
)
CARDS = ("sd-card", "sd-summary-title", "cell_output", "admonition-title")
"""What a page is about, what is clicked, and what code has printed: none of these is a sentence of the story."""


@cache
def terms(file: Path, changed: float) -> tuple[str, ...]:
    """The terms of the glossary, longest first, so that "cross-entropy" is found before "entropy"."""
    lines = file.read_text(encoding="utf-8").split("```{glossary}\n")[1].split("\n```")[0].splitlines()
    return tuple(sorted((line for line in lines if line and line[0] not in " :"), key=len, reverse=True))


@cache
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these terms as a word of its own, in the singular or the plural, small or capital at its beginning."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(f'({form(word)})' for word in words)})(?![\w-])")


def form(word: str) -> str:
    """A term as it may stand in a sentence: "embedding", "Embeddings"."""
    first, rest = re.escape(word[0]), re.escape(word[1:]).replace(r"\ ", r"\s+")
    return f"[{first}{word[0].swapcase()}]{rest}s?" if word[1:2].islower() else f"{first}{rest}s?"


class LinkFirstUses(SphinxTransform):
    """On the page of a chapter, turn the first use of each term into a reference to the glossary."""

    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        """Walk through the sentences of the page."""
        if not CHAPTER.match(self.env.docname):
            return
        source = Path(self.env.doc2path(GLOSSARY))
        self.env.note_dependency(str(source))
        left = list(terms(source, source.stat().st_mtime))
        for paragraph in self.document.findall(nodes.paragraph):
            join_lines(paragraph)
        for text in [text for text in self.document.findall(nodes.Text) if is_sentence(text)]:
            text.parent.replace(text, list(self.linked(text.astext(), left)))

    def linked(self, text: str, left: list[str]) -> list[nodes.Node]:
        """The text in pieces, with a reference where one of the terms that are `left` is used; it is left no more."""
        pieces: list[nodes.Node] = []
        while left and (match := pattern(tuple(left)).search(text)):
            term = left.pop(match.lastindex - 1)  # type: ignore[operator]
            reference = addnodes.pending_xref(
                "", reftype="term", refdomain="std", reftarget=term, refdoc=self.env.docname, refexplicit=True
            )
            reference += nodes.inline(match[0], match[0], classes=["term"])
            pieces += [nodes.Text(text[: match.start()]), reference]
            text = text[match.end() :]
        return [*pieces, nodes.Text(text)]


def join_lines(part: nodes.Element) -> None:
    """Make one text of neighbours: each line of the source is a piece, and a term may run over its end."""
    children: list[nodes.Node] = []
    for child in part.children:
        if isinstance(child, nodes.Text) and children and isinstance(children[-1], nodes.Text):
            children[-1] = nodes.Text(children[-1] + child)
        else:
            children.append(child)
    part[:] = children


def is_sentence(text: nodes.Text) -> bool:
    """Whether a text belongs to the prose of the page."""
    parent: Any = text.parent
    inside = False
    while parent is not None:
        inside = inside or isinstance(parent, nodes.paragraph)
        if isinstance(parent, NO_PLACE_FOR_LINKS) or any(name in parent.get("classes", ()) for name in CARDS):
            return False
        parent = parent.parent
    return inside


def link_weeks(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """In the glossary, make "Week 3" lead to the chapter, if the book has it."""
    if docname != GLOSSARY:
        return
    chapters = {match[1]: name for name in app.env.found_docs if (match := CHAPTER.match(name))}
    for definition in doctree.findall(nodes.definition):
        text = list(definition.findall(nodes.Text))[-1]
        if not (match := WEEK.search(text)):
            raise ValueError(f"the entry {definition.parent.astext()!r} does not end in the week that explains it")
        links: list[nodes.Node] = [nodes.Text(text[: match.start()])]
        for number in filter(None, match.groups()):
            links.append(nodes.Text(" and " if len(links) > 1 else ""))
            if number in chapters:
                target = app.builder.get_relative_uri(GLOSSARY, chapters[number])
                links.append(nodes.reference("", f"Week {number}", refuri=target, internal=True))
            else:
                links.append(nodes.Text(f"Week {number}"))
        text.parent.replace(text, [*links, nodes.Text(".")])


def setup(app: Sphinx) -> None:
    """Register the transform, and the way back."""
    app.add_transform(LinkFirstUses)
    app.connect("doctree-resolved", link_weeks)
