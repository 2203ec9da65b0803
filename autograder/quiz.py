"""A quiz: a question with choices in Markdown, the right one ticked, and a reason under each."""

import re
from dataclasses import dataclass

from autograder.errors import LessonError

LETTERS = "ABCDE"
CHOICE = re.compile(r"^- \[(?P<tick>[ xX])\] (?P<text>.+)$")
ALMOST_CHOICE = re.compile(r"\s*[-*+]?\s*\[[ xX]?\]")
ANSWER = re.compile(r"\s*\(?([A-Za-z])\b")


@dataclass(frozen=True)
class Choice:
    text: str
    reason: str


@dataclass(frozen=True)
class Quiz:
    name: str
    title: str
    question: str  # Markdown, the heading included
    choices: tuple[Choice, ...]
    right: str  # a letter
    points: int

    @property
    def variable(self) -> str:
        """The name of the variable in which a student puts the letter."""
        return f"answer_{self.name}"

    def markdown(self) -> str:
        """The question as students see it: lettered choices, no tick, no reason."""
        lines = [f"- **{letter}.** {choice.text}" for letter, choice in zip(LETTERS, self.choices, strict=False)]
        return self.question + "\n\n" + "\n".join(lines)

    def letter(self, answer: object) -> str | None:
        """The letter that a student means by "b", "B." or "B) because": None if it is no letter of a choice."""
        match = ANSWER.match(answer) if isinstance(answer, str) else None
        letter = match[1].upper() if match else ""
        return letter if letter and letter in LETTERS[: len(self.choices)] else None

    def reason(self, letter: str) -> str:
        return self.choices[LETTERS.index(letter)].reason


def read_quiz(name: str, source: str, points: int, place: str) -> Quiz:
    """The Markdown of a quiz cell -> Quiz; raises LessonError if a tick or a reason is missing."""
    head, choices, ticks = _parse(source.splitlines(), place)
    if not 2 <= len(choices) <= len(LETTERS):
        raise LessonError(f"{place}: a quiz has 2 to {len(LETTERS)} choices `- [ ] ...`, this one {len(choices)}")
    if len(ticks) != 1:
        raise LessonError(f"{place}: tick exactly one choice `- [x] ...`; {len(ticks)} are ticked")
    for choice in choices:
        if not choice.reason:
            raise LessonError(f'{place}: write the reason under "{choice.text}", in lines that begin with `  > `')
    title = head.splitlines()[0].lstrip("# ").removeprefix("Quiz: ") if head else ""
    if not head.startswith("### Quiz: "):
        raise LessonError(f'{place}: begin the cell with "### Quiz: title"')
    return Quiz(name, title, head, tuple(choices), LETTERS[ticks[0]], points)


def _parse(lines: list[str], place: str) -> tuple[str, list[Choice], list[int]]:
    head: list[str] = []
    choices: list[Choice] = []
    ticks: list[int] = []
    for line in lines:
        if match := CHOICE.match(line):
            ticks += [] if match["tick"] == " " else [len(choices)]
            choices.append(Choice(match["text"].strip(), ""))
        elif ALMOST_CHOICE.match(line):
            raise LessonError(f'{place}: write "{line.strip()}" as `- [ ] text` or `- [x] text` at the start of a line')
        elif not choices:
            head.append(line)
        elif line.strip().startswith(">"):
            more = line.strip().removeprefix(">").strip()
            choices[-1] = Choice(choices[-1].text, f"{choices[-1].reason} {more}".strip())
        elif line.startswith(" ") and line.strip() and not choices[-1].reason:
            choices[-1] = Choice(f"{choices[-1].text} {line.strip()}", "")
        elif line.strip():
            raise LessonError(
                f'{place}: "{line.strip()}" belongs to no choice; indent what continues a choice, begin a reason with '
                "`  > `, and end the quiz with a line +++"
            )
    return "\n".join(head).strip(), choices, ticks
