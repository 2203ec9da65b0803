"""From the solved to the student's notebook: nbgrader's preprocessors, and ours in the place of ClearSolutions."""

import re
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
)

from autograder.reference import BEGIN, END


class ClearAnswers(NbGraderPreprocessor):
    """Puts stubs in the place of solutions and takes graders' rubrics out.

    nbgrader's own ClearSolutions knows one stub for all cells of a language. Here the stub of a region is what stands
    behind its BEGIN mark; if nothing does, the region leaves no trace.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        nb.cells = [cell for cell in nb.cells if cell.metadata.get("course", {}).get("role") != "rubric"]
        for cell in nb.cells:
            cell.source = clear_answers(cell.source)
        return nb, resources


def clear_answers(source: str) -> str:
    """Cell source -> the same with every solution region replaced by its stub."""
    region = re.compile(rf"^([ \t]*){BEGIN}(.*)\n(?:.*\n)*?[ \t]*{END}(\n|\Z)", re.MULTILINE)
    cleared = region.sub(lambda match: f"{match[1]}{match[2].strip()}{match[3]}" if match[2].strip() else "", source)
    if BEGIN in cleared or END in cleared:
        raise ValueError(f"a {BEGIN} without its {END} in: {source[:80]!r}")
    return cleared.strip("\n")


# The order is that of nbgrader's generate_assignment: checksums first of what SaveCells stores, then of the release.
BEFORE_SAVING = [LockCells, ClearAnswers, ClearOutput, CheckCellMetadata, ComputeChecksums]
AFTER_SAVING = [ClearHiddenTests, ComputeChecksums, CheckCellMetadata]
RELEASE_STEPS = BEFORE_SAVING + AFTER_SAVING
