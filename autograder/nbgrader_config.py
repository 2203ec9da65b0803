"""nbgrader's configuration for this course: its folders, and our sandbox in the place of its executor.

Used by nbgrader's commands, and by formgrader, where the environment variable JUPYTER_CONFIG_PATH names this folder:
`JUPYTER_CONFIG_PATH=autograder nbgrader autograde week1-derivatives`.
"""

from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    GetGrades,
    InstantiateTests,
    SaveAutoGrades,
    SaveCells,
)

from autograder.gradebook import gradebook_url
from autograder.nbgrader_executor import HideTests, SandboxGrade
from autograder.release import AFTER_SAVING, BEFORE_SAVING

COURSE = Path(__file__).resolve().parent.parent
(COURSE / "grades").mkdir(exist_ok=True)  # nbgrader makes the gradebook in it, but not the folder

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - traitlets puts it here

c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.course_id = ""
c.CourseDirectory.source_directory = "_build/nbgrader/source"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "submissions"
c.CourseDirectory.autograded_directory = "grades/autograded"
c.CourseDirectory.feedback_directory = "grades/nbgrader-feedback"
c.CourseDirectory.solution_directory = "grades/nbgrader-solution"
c.CourseDirectory.db_url = gradebook_url(COURSE / "grades")

c.SandboxGrade.course = str(COURSE)

c.GenerateAssignment.preprocessors = [InstantiateTests, *BEFORE_SAVING, SaveCells, *AFTER_SAVING]
c.Autograde.autograde_preprocessors = [SandboxGrade, SaveAutoGrades, AssignLatePenalties, CheckCellMetadata]
c.GenerateFeedback.preprocessors = [GetGrades, HideTests, CSSHTMLHeaderPreprocessor]
