"""The widget of week 6: byte-pair encoding, pair after pair."""

import traitlets as t

from lm.widgets.base import CourseWidget

TEXT = "she sells sea shells by the sea shore; the shells she sells are sea shells, for sure. so says the señora."


class Merges(CourseWidget):
    """Byte-pair encoding of a text that the reader may change: each step merges the most frequent pair of neighbours.

    Pairs are counted as they stand ("aaa" holds the pair "a", "a" twice) and merged from the left. Of pairs that are
    equally frequent the one with the greatest bytes goes first, its first part compared before its second. Merging
    stops when no pair occurs twice, although an algorithm that must reach a given size would go on.

    text    at most 1,200 characters; its UTF-8 bytes are the first tokens
    merges  how many merges are done at the start
    words   True: nothing is merged over the border of a word, which begins with the blank or line end before it
    """

    name = "merges"
    invitation = (
        "With scripts switched on, you can write a text of your own, merge pair after pair and undo it, and watch the "
        "counts of pairs, the vocabulary and the number of tokens."
    )
    text = t.Unicode(TEXT).tag(sync=True)
    merges = t.Int(6, min=0).tag(sync=True)
    words = t.Bool(False).tag(sync=True)

    @t.validate("text")
    def _not_too_long(self, proposal: t.Bunch) -> str:
        if len(proposal["value"]) > 1200:
            raise t.TraitError(f"text must have at most 1,200 characters: got {len(proposal['value'])}")
        return proposal["value"]
