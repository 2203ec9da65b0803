"""An SVG file as an element that can stand in an HTML page beside others."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

PX_PER_UNIT = {"": 1.0, "px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}


def inline(svg: str, *, label: str, prefix: str, ink: str, palette: Mapping[str, str]) -> str:
    """The picture as an `<svg>` element named `label`, in the page's text colour wherever it has `ink`.

    The colours of the `palette`, by their names, become variables of the page's style sheet (`--drawn-blue`).
    An empty label marks decoration, which a screen reader passes over. Ids get `prefix`, since all pictures
    of a page share one name space; ids that nothing refers to go, and so do style sheets (they would reach
    the whole page) and metadata.
    """
    root = ElementTree.fromstring(follow_page_colours(follow_text_colour(svg, ink), palette))
    _drop(root, {"metadata", "style", "title", "desc"})
    for element in root.iter():
        element.tag = _local(element.tag)
        element.attrib = {_local(name): value for name, value in element.attrib.items() if "XML/1998" not in name}
    _rename_ids(root, prefix)
    for side in ("width", "height"):
        if side in root.attrib:
            root.set(side, _in_pixels(root.attrib[side]))
    root.attrib.update({"role": "img", "aria-label": label} if label else {"aria-hidden": "true"})
    root.set("class", f"{root.get('class', '')} picture".strip())
    root.tail = None
    return ElementTree.tostring(root, encoding="unicode")


def follow_text_colour(markup: str, ink: str) -> str:
    """`markup` with the colour `ink` (also with two digits of alpha) replaced by that of the text around it."""

    def colour(match: re.Match[str]) -> str:
        if not match[1]:
            return "currentColor"
        return f"color-mix(in srgb, currentColor {int(match[1], 16) / 2.55:.0f}%, transparent)"

    return re.sub(re.escape(ink) + r"([0-9a-f]{2})?\b", colour, markup, flags=re.IGNORECASE)


def follow_page_colours(markup: str, palette: Mapping[str, str]) -> str:
    """`markup` with each colour of the palette replaced by the page's variable of that name."""
    names = {colour.lower(): name for name, colour in reversed(palette.items())}  # of two names the first

    def variable(match: re.Match[str]) -> str:
        name = names.get(match[0].lower())
        return f"var(--drawn-{name})" if name else match[0]

    return re.sub(r"#[0-9a-fA-F]{6}\b", variable, markup)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _drop(root: ElementTree.Element, names: set[str]) -> None:
    for parent in list(root.iter()):
        for child in [child for child in parent if _local(child.tag) in names]:
            parent.remove(child)


def _rename_ids(root: ElementTree.Element, prefix: str) -> None:
    references = re.compile(r"url\(#([^)]+)\)|^#(.+)$")
    used = {a or b for e in root.iter() for v in e.attrib.values() for a, b in references.findall(v)}
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, prefix + value)
            elif name == "href" or "url(#" in value:
                element.set(name, re.sub(r"^#|(?<=url\()#", f"#{prefix}", value))


def _in_pixels(length: str) -> str:
    number, unit = re.fullmatch(r"([\d.]+)\s*([a-z%]*)", length.strip()).groups()
    return length if unit == "%" else f"{float(number) * PX_PER_UNIT[unit]:.4g}"
