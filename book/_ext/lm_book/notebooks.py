"""Each chapter offers its exercise notebook: to download, and to open elsewhere once a published bundle is named.

The address comes from `bundle_repository` in `_config.yml`, such as "my-university/language-models": a public
repository on GitHub that holds what `autograder bundle` makes. It is never this repository, which holds the answers.
"""

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

ROOT = Path(__file__).parents[3]
FOLDER = "notebooks"  # in the built site
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


def notebook_of(chapter: str, root: Path = ROOT) -> Path | None:
    """The exercise notebook of a chapter, if there is one."""
    return next(iter(sorted((root / "exercises" / chapter).glob("*.ipynb"))), None)


def launchers(repository: str, chapter: str, file: str) -> dict[str, str]:
    """Where else the notebook of a published bundle can be opened: the name of the place, its address."""
    if not repository:
        return {}
    path = quote(f"exercises/{chapter}/{file}")
    return {
        "Binder": f"https://mybinder.org/v2/gh/{repository}/HEAD?urlpath=lab/tree/{path}",
        "Colab": f"https://colab.research.google.com/github/{repository}/blob/HEAD/{path}",
    }


def check_repository(app: Sphinx, config: Config) -> None:
    """Refuse an address that is none, and that of the repository in which the answers are."""
    repository = config.bundle_repository
    if not repository:
        return
    if not REPOSITORY.fullmatch(repository):
        raise ConfigError(
            f"bundle_repository in _config.yml is {repository!r}; write OWNER/NAME of a repository on GitHub with "
            "the result of `autograder bundle` in it, or leave it empty"
        )
    git = ROOT / ".git" / "config"
    if (ROOT / "solutions").is_dir() and git.is_file() and re.search(rf"[:/]{repository}(\.git)?\s", git.read_text()):
        raise ConfigError(
            f"bundle_repository in _config.yml names {repository}, which is this repository, with all answers in it. "
            "Publish what `autograder bundle` makes in a repository of its own, and name that"
        )


def offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell the page's template about the notebook, and put a copy into the site."""
    notebook = notebook_of(pagename)
    if notebook is None:
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(notebook, folder / notebook.name)
    context["notebook"] = {
        "file": notebook.name,
        "path": f"{FOLDER}/{notebook.name}",
        "launchers": launchers(app.config.bundle_repository, pagename, notebook.name),
    }


def setup(app: Sphinx) -> None:
    """Connect to the configuration and to each page."""
    app.add_config_value("bundle_repository", "", "html", [str])
    app.connect("config-inited", check_repository)
    app.connect("html-page-context", offer)
