"""Text in many languages and scripts, out of the locale data of Babel (Unicode CLDR)."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit

LANGUAGES = """
    am ar bg bn ca chr cs cy da de el en es eu fa ff_Adlm fi fr gu ha he hi hu hy id is it ja ka kk km kn ko lo lt ml mn
    mt my nb ne nl or pa pl pt ro ru si so sq sv sw ta te th tr uk ur uz vi yo zh zh_Hant zu
""".split()  # noqa: SIM905 (a list of as many strings would be a column)
"""Codes of Babel's locales: every script in which it knows more than a few names, the large ones several times."""

UNITS = """
    duration-second duration-minute duration-hour duration-day duration-week duration-month duration-year
    length-centimeter length-meter length-kilometer mass-gram mass-kilogram volume-liter area-square-kilometer
    speed-kilometer-per-hour temperature-celsius digital-byte digital-megabyte
""".split()  # noqa: SIM905 (a list of as many strings would be a column)

NOT_PLACES = {"XA", "XB", "ZZ"}
"""Territories of CLDR that stand for tests and for what is not known."""

COUNTS = (1, 2, 5, 21)
"""Numbers that take different plural forms in some language."""


@cache
def multilingual() -> str:
    """Lists in 65 languages and 28 scripts, about 600 kB of UTF-8; the same text wherever Babel has the same version.

    For each language a line with its own name, then languages, territories, months, days and quarters by name,
    the first of each month as a full date, and quantities with their units. A line holds at most eight items, with the
    separators, digits and plural forms of the language; names that Babel does not know are left out.

    >>> multilingual().splitlines()[0]
    'አማርኛ'
    """
    return "".join(f"{line}\n" for code in LANGUAGES for line in _lines(Locale.parse(code)))


def _lines(locale: Locale) -> Iterator[str]:
    yield locale.get_language_name() or ""
    yield from _listed(_names(locale.languages, LANGUAGES), locale)
    yield from _listed(_names(locale.territories, sorted(locale.territories.keys() - NOT_PLACES)), locale)
    for calendar in (locale.months, locale.days, locale.quarters):
        yield from _listed([name for _, name in sorted(calendar["format"]["wide"].items())], locale)
    for month in range(1, 13):
        yield format_date(date(2024, month, 1), "full", locale)
    for unit in UNITS:
        quantities = [format_unit(n, unit, "long", locale=locale, numbering_system="default") for n in COUNTS]
        yield from _listed([quantity for quantity in quantities if unit not in quantity], locale)


def _names(names: Mapping[str, str], codes: list[str]) -> list[str]:
    return [names[code] for code in codes if names.get(code, code) != code]


def _listed(items: list[str], locale: Locale) -> Iterator[str]:
    for start in range(0, len(items), 8):
        yield format_list(items[start : start + 8], locale=locale)
