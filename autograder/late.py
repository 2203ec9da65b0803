"""What is taken off for lateness, by nbgrader's own mechanism.

The deadline is the assignment's `duedate` in the gradebook (formgrader's "Manage Assignments" sets it); the time is
that of timestamp.txt, and extensions count. What it costs is decided by the plugin that nbgrader_config.py beside this
file names: nothing as it stands; all points with `c.LateSubmissionPlugin.penalty_method = "zero"`; or what a class of
one's own says, named in `c.AssignLatePenalties.plugin_class`.
"""

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import PyFileConfigLoader

CONFIG = Path(__file__).parent / "nbgrader_config.py"


def late_policy(config: Path = CONFIG) -> AssignLatePenalties:
    """nbgrader's step for penalties, with the plugin that `config` names."""
    step = AssignLatePenalties(config=PyFileConfigLoader(config.name, path=str(config.parent)).load_config())
    step.init_plugin()
    return step


def late_penalty(policy: AssignLatePenalties, notebook: Any) -> float | None:
    """The points that a submitted notebook loses, at most all; None if nothing is taken off.

    The same as AssignLatePenalties.preprocess, but within the transaction of the caller.
    """
    submitted = notebook.assignment
    penalty = policy.plugin_inst.late_submission_penalty(
        submitted.student.id, notebook.score, submitted.total_seconds_late
    )
    return None if penalty is None else float(policy._check_late_penalty(notebook, penalty))
