"""What came back from a run, by exercise, and in words where nothing came back."""

from autograder import frames
from autograder.process import Reply
from autograder.steps import Step

Answers = dict[str, dict[str, Reply]]  # exercise -> probe -> reply

REASONS = {  # what a student reads about a step without an answer
    frames.OUT_OF_TIME: "your code was still running when its time was over; look for a loop that does not end",
    frames.CRASHED: "your code ended the whole Python process, or used more memory than there is",
    frames.TOO_MUCH_DATA: "the answer is far too large",
    frames.NO_TIME_LEFT: "the notebook's time was used up before this exercise",
    frames.CRASHED_TOO_OFTEN: "the notebook crashed too often before this exercise",
}


def reason(fate: str) -> str:
    return REASONS.get(fate, fate)


def answers_by_exercise(steps: list[Step], replies: list[Reply]) -> Answers:
    answers: Answers = {}
    for step, reply in zip(steps, replies, strict=True):
        if step["kind"] == "probe":
            answers.setdefault(step["exercise"], {})[step["label"]] = reply
    return answers


def why_no_answer(reply: Reply | None) -> str:
    """Why there is no answer to compare; "" if there is one."""
    if reply is None:
        return "nothing could be run"
    if reply.fate:
        return reason(reply.fate)
    if "missing" in reply.data:
        return "the name is not defined"
    return "" if "answer" in reply.data else "the answer could not be read"
