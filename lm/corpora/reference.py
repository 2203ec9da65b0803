"""English prose with code in it, which every Python brings along."""

from pydoc_data.topics import topics


def python_reference() -> str:
    """The pages of Python's language reference that `help()` shows, 460 kB or more, in order of topic.

    The text belongs to the Python that runs: another version has other topics and another text, so a number that
    is computed from it holds for that version only.

    >>> python_reference().splitlines()[0]
    'The "assert" statement'
    """
    return "\n\n".join(topics[name].strip("\n") for name in sorted(topics)) + "\n"
