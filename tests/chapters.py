"""What the tests of the chapters share: their files, sections, cells and figures, claims of the prose, the quiz."""

import re
from pathlib import Path

from shown_code import Block, blocks, shapes

ROOT = Path(__file__).parents[1]


class Chapter:
    """A week's page, its lesson and its reference, for tests of what the page shows and says."""

    def __init__(self, week: str) -> None:
        self.week = week
        self.path = ROOT / "book" / f"{week}.md"
        self.text = self.path.read_text(encoding="utf-8")
        self.lesson = (ROOT / "solutions" / week / "lesson.md").read_text(encoding="utf-8")
        self.reference = (ROOT / "solutions" / week / "reference.py").read_text(encoding="utf-8")
        self.cells = [block for block in blocks(self.text) if block.kind.startswith("{code-cell}")]
        self.figures = [cell.options for cell in self.cells if "figure:" in cell.options]
        self.quiz = self.text.split("\n## Quiz")[1].split("\n## Read on")[0]

    def shown(self) -> list[Block]:
        """The blocks of Python that a reader sees at once."""
        snippets = [block for block in blocks(self.text) if block.kind == "python"]
        hidden = re.compile("hide-input|remove-cell|remove-input")
        return snippets + [cell for cell in self.cells if not hidden.search(cell.options)]

    def functions(self) -> dict[str, str]:
        """The shapes of all functions in the cells, with their names."""
        return {shape: name for cell in self.cells for shape, name in shapes(cell.code).items()}

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
