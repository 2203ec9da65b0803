"""What the tests of the chapters share: claims of the prose, and the answers of the quiz on the page."""

import re
from pathlib import Path


class Chapter:
    """The text of a chapter, for tests of what it says."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")

    def says(self, *claims: str) -> None:
        for claim in claims:
            assert claim in self.text, f"the page no longer says {claim!r}"

    def answer_of(self, question: int) -> str:
        """The choice of a question that begins with Yes: there must be one."""
        text = re.search(rf"\n\*\*{question}\. (.*?)(?=\n\*\*\d\. |\n## )", self.text, re.DOTALL)[1]
        choices = re.findall(r":::\{dropdown\} ([A-C])\. .*?\n(.*?)\n:::", text, re.DOTALL)
        assert len(choices) == 3
        right = [letter for letter, why in choices if why.startswith("Yes.")]
        assert len(right) == 1, question
        return right[0]
