"""The student's process: runs cells and probes one after the other and answers each with plain data.

It is forked out of a warm worker, with the IPython shell made before the fork. Nothing in here is trusted by anybody:
what it sends are observations, and the verdict is found outside.
"""

import io
import marshal
import os
import random
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.random  # NumPy itself would load it late, in every child

from autograder.frames import LENGTH
from autograder.observe import attempt, warned
from autograder.shell import RECORD, Shell, Stream, run_cell
from autograder.wire import MAX_ANSWER, Raised, WireError, decode, encode


def serve(shell: Shell, requests: int, replies: int, text: int, pictures: int) -> None:
    """Answers requests until the pipe closes. Each is a dict: a cell to run, or a probe to ask."""
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    sys.stdin = io.StringIO()
    tempfile.tempdir = None  # what the worker found may be out of reach behind the walls; whoever asks looks again
    if not pictures:
        shell.display_formatter.formatters["image/png"].enabled = False  # nobody will look at what is drawn
    _start_afresh()
    names: dict[str, Any] = {}  # what exercises have defined, bound right after their cells ran
    while (request := _receive(requests)) is not None:
        step = decode(request)
        if step["kind"] == "cell":
            RECORD.start(text, pictures)
            run_cell(shell, step["source"])
            _bind(names, step["binds"], shell.user_ns)
            reply = _encoded(partial(dict, outputs=RECORD.outputs))
        else:
            RECORD.start(0, 0)  # what probes print is kept nowhere
            given = {name: names[name] for name in step["names"] if name in names}
            missing = [name for name in step["names"] if name not in names]
            reply = _encoded(partial(_ask, step, given, missing))
        send(replies, reply)


def _start_afresh() -> None:
    """Seeds the global generators and lets torch record gradients, whatever ran before."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - the old global generator
    if "torch" in sys.modules:
        sys.modules["torch"].default_generator.manual_seed(0)
        sys.modules["torch"].set_grad_enabled(True)


def _bind(names: dict[str, Any], wanted: list[str], defined: dict[str, Any]) -> None:
    """Notes what a cell has defined. A later `softmax = softmax(z)` does not take the function's place."""
    for name in wanted:
        if name in defined and (callable(defined[name]) or not callable(names.get(name))):
            names[name] = defined[name]


def _ask(step: dict[str, Any], given: dict[str, Any], missing: list[str]) -> dict[str, Any]:
    """Runs one probe with globals of its own: fresh tools, and the names of its exercise."""
    if missing:
        return {"missing": missing}
    scope: dict[str, Any] = {
        "np": np,
        "attempt": attempt,
        "warned": warned,
        "Raised": Raised,
        "__name__": "probe",
    }
    for name in step["modules"]:
        scope[name] = sys.modules[name]
    scope.update(given)
    try:
        _start_afresh()
        exec(marshal.loads(step["code"]), scope)
        scope.update(given)
        return {"answer": scope[step["probe"]](np.random.default_rng(step["seed"]))}
    except BaseException as error:
        return {"answer": Raised.of(error)}


def _encoded(make: Callable[[], dict[str, Any]]) -> bytes:
    try:
        return encode(make(), MAX_ANSWER)
    except WireError as error:
        return encode({"refused": str(error)})
    except BaseException as error:  # values whose methods raise when they are looked at
        return encode({"refused": f"{type(error).__name__} while the answer was read"})


def _receive(pipe: int) -> bytes | None:
    head = _read(pipe, LENGTH.size)
    return _read(pipe, LENGTH.unpack(head)[0]) if head else None


def _read(pipe: int, size: int) -> bytes:
    data = b""
    while len(data) < size and (piece := os.read(pipe, size - len(data))):
        data += piece
    return data


def send(pipe: int, data: bytes) -> None:
    """One frame, whole, into a pipe without a buffer."""
    view = memoryview(LENGTH.pack(len(data)) + data)
    while view:
        view = view[os.write(pipe, view) :]
