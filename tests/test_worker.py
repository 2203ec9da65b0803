"""The worker process and its children: whatever a cell does costs its own exercise, and nothing else.

Every notebook here has the same three exercises. The second misbehaves; the first and the third are right.
"""

import secrets
import sys
import time
from collections.abc import Iterator
from typing import Any

import msgpack
import numpy as np
import pytest

from autograder import frames
from autograder.frames import LENGTH
from autograder.process import Reply, WorkerProcess
from autograder.sandbox import Limits
from autograder.steps import cell_step, probe_step
from autograder.wire import Opaque, Raised

SHORT = Limits(step_seconds=1.0, total_seconds=20.0)
GOOD = "def {name}(x):\n    return np.sqrt(x)"
# Finds the pipes of the child, whatever their numbers are.
PIPES = """
import os, stat
def pipes():
    found = []
    for number in range(3, 64):
        try:
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                found.append(number)
        except OSError:
            pass
    return found
"""


@pytest.fixture(scope="module")
def process() -> Iterator[WorkerProcess]:
    with WorkerProcess(("numpy",), allow_unsafe=True) as warm:
        yield warm


def cell(source: str, *binds: str) -> dict[str, Any]:
    return cell_step("a cell", source, list(binds))


def probe(name: str, body: str = "", exercise: str = "", seed: int = 1) -> dict[str, Any]:
    """A step that asks for the value of `body`, by default of name(4.0)."""
    source = f"def ask(rng):\n    return {body or name + '(4.0)'}"
    return probe_step(exercise or name, name, [name], source, "ask", seed, ["math", "numpy"])


def run(process: WorkerProcess, *steps: dict[str, Any], limits: Limits = SHORT) -> list[Reply]:
    replies = process.run(list(steps), limits)
    assert len(replies) == len(steps)
    return replies


def between_good_ones(
    process: WorkerProcess, bad: str, ask: str = "", limits: Limits = SHORT
) -> tuple[list[Reply], Reply]:
    """Runs the exercises first, `bad` and third; checks that first and third have their answers."""
    steps = [
        cell("import numpy as np"),
        cell(GOOD.format(name="first"), "first"),
        probe("first"),
        cell(bad, "second"),
        probe("second", ask),
        cell(GOOD.format(name="third"), "third"),
        probe("third"),
    ]
    replies = run(process, *steps, limits=limits)
    assert replies[2].data == {"answer": 2.0}, "the exercise before it"
    assert replies[6].data == {"answer": 2.0}, "the exercise behind it"
    return replies, replies[4]


def write_to_every_pipe(data: str) -> str:
    """Source that writes the bytes called `data` wherever they can be written."""
    return f"{PIPES}\nfor pipe in pipes():\n    try:\n        os.write(pipe, {data})\n    except OSError:\n        pass"


def is_lost(reply: Reply) -> bool:
    return bool(reply.fate) or "answer" not in reply.data or isinstance(reply.data["answer"], (Raised, Opaque))


IN_A_CELL = {
    "a segmentation fault": "import ctypes\nctypes.string_at(0)",
    "a hard exit": "import os\nos._exit(0)",
    "a kill of itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "a kill of its group": "import os, signal\nos.killpg(0, signal.SIGKILL)",
    "an endless loop": "while True:\n    pass",
    "a loop that catches everything": "while True:\n    try:\n        pass\n    except BaseException:\n        pass",
    "a long sleep": "import time\ntime.sleep(1000)",
    "a stop": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "closed descriptors": "import os\nos.closerange(0, 64)",
    "descriptors that lead nowhere": PIPES
    + "nowhere = os.open(os.devnull, os.O_RDWR)\nfor pipe in pipes():\n    os.dup2(nowhere, pipe)",
    "an exec": "import os\nos.execv('/bin/sh', ['sh', '-c', 'true'])",
}


@pytest.mark.parametrize("bad", IN_A_CELL.values(), ids=IN_A_CELL)
def test_a_cell_that_ends_or_blocks_its_process_costs_only_its_own_exercise(process: WorkerProcess, bad: str) -> None:
    replies, second = between_good_ones(process, bad)
    assert is_lost(second)
    assert "missing" not in replies[2].data


IN_A_PROBE = {
    "a hard exit": "import os\ndef second(x):\n    os._exit(0)",
    "an endless loop": "def second(x):\n    while True:\n        pass",
    "an endless generator": "import itertools\ndef second(x):\n    return list(zip(itertools.count()))[:0]",
    "closed descriptors": "import os\ndef second(x):\n    os.closerange(0, 64)",
    "deep recursion": "import sys\nsys.setrecursionlimit(10**9)\ndef second(x):\n    return second(x)",
    "an answer of 40 MB": "def second(x):\n    return np.zeros(5_000_000)",
    "an answer that contains itself": "def second(x):\n    a = []\n    a.append(a)\n    return a",
}


@pytest.mark.parametrize("bad", IN_A_PROBE.values(), ids=IN_A_PROBE)
def test_a_function_that_ends_or_blocks_its_process_costs_only_its_own_exercise(
    process: WorkerProcess, bad: str
) -> None:
    _, second = between_good_ones(process, bad)
    assert is_lost(second)


@pytest.mark.parametrize("leave", ["exit()", "quit()", "exit", "import sys\nsys.exit(3)", "raise KeyboardInterrupt"])
def test_a_cell_that_asks_to_leave_is_an_error_at_most(process: WorkerProcess, leave: str) -> None:
    """What stands before the call stays, as in a notebook that runs on."""
    _, second = between_good_ones(process, f"def second(x):\n    return x + 1\n{leave}")
    assert second.data == {"answer": 5.0}


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException"])
def test_an_exception_that_nobody_expects_is_the_answer(process: WorkerProcess, error: str) -> None:
    _, second = between_good_ones(process, f"def second(x):\n    raise {error}")
    assert second.data["answer"].name == error


def test_the_hard_exit_is_told_apart_from_the_endless_loop(process: WorkerProcess) -> None:
    _, crashed = between_good_ones(process, IN_A_PROBE["a hard exit"])
    _, endless = between_good_ones(process, IN_A_PROBE["an endless loop"])
    assert (crashed.fate, endless.fate) == (frames.CRASHED, frames.OUT_OF_TIME)


def test_a_memory_bomb_is_a_memory_error(process: WorkerProcess) -> None:
    limits = Limits(step_seconds=5.0, memory=700 * 2**20)
    bomb = "def second(x):\n    a = [b'x' * 2**20 for _ in range(10_000)]\n    return len(a)"
    _, second = between_good_ones(process, bomb, limits=limits)
    assert second.data["answer"].name == "MemoryError"


def test_an_endless_loop_that_uses_the_processor_alone_is_ended(process: WorkerProcess) -> None:
    limits = Limits(step_seconds=60.0, cpu_seconds=1)
    _, second = between_good_ones(process, "def second(x):\n    while True:\n        pass", limits=limits)
    assert second.fate
    assert second.seconds < 30


def test_a_huge_file_is_refused_and_the_process_lives_on(process: WorkerProcess) -> None:
    limits = Limits(step_seconds=5.0, file_size=2**20)
    write = (
        "def second(x):\n    with open('big', 'wb') as file:\n        file.write(bytes(2**22))\n        file.flush()"
    )
    _, second = between_good_ones(process, write, limits=limits)
    assert "OSError" in second.data["answer"].classes


def test_a_forked_copy_cannot_answer_for_the_next_exercise(process: WorkerProcess) -> None:
    """Both copies run on and answer; what the copy says about later steps must not become the answers to them."""
    bad = "import os\nif os.fork() == 0:\n    while True:\n        pass\ndef second(x):\n    return x"
    between_good_ones(process, bad)


def test_a_process_left_behind_by_a_crash_does_not_disturb_the_rest(process: WorkerProcess) -> None:
    bad = "import os, time\nif os.fork() == 0:\n    time.sleep(3)\n    os._exit(0)\nos._exit(0)"
    between_good_ones(process, bad)


def test_a_hundred_megabytes_of_print_are_cut_and_cost_nothing(process: WorkerProcess) -> None:
    limits = Limits(step_seconds=8.0, text=1000)
    replies, second = between_good_ones(
        process, "def second(x):\n    return x\nfor _ in range(100):\n    print('x' * 2**20)", limits=limits
    )
    assert second.data == {"answer": 4.0}
    (shown,) = replies[3].data["outputs"]
    assert sum(map(len, shown["text"])) == 1000


def test_output_that_goes_around_the_streams_is_seen_by_nobody(process: WorkerProcess) -> None:
    loud = "import os, sys\nfor d in (1, 2):\n    os.write(d, b'x' * 10_000_000)\ndef second(x):\n    return x"
    replies, second = between_good_ones(process, loud + "\nsys.__stdout__.write('x')\nstatus = os.system('echo loud')")
    assert second.data == {"answer": 4.0}
    assert [output for output in replies[3].data["outputs"] if output["output_type"] != "error"] == []


def test_what_probes_print_is_kept_nowhere(process: WorkerProcess) -> None:
    noisy = "import warnings\ndef second(x):\n    print('seen', x)\n    warnings.warn('seen')\n    return x"
    replies, second = between_good_ones(process, noisy)
    assert second.data == {"answer": 4.0}
    assert not any("seen" in str(reply.data) for reply in replies)


FORGED = {
    "no data": b"\xc1" * 20,
    "a number": msgpack.packb(7),
    "an answer": msgpack.packb({"answer": 2.0}),
    "a time stamp": msgpack.packb({"answer": msgpack.Timestamp(1, 1)}),
    "a thousand lists": b"\x81\xa6answer" + b"\x91" * 1000 + b"\xc0",
    "an array of objects": msgpack.packb(
        {"answer": msgpack.ExtType(0, msgpack.packb(["|O", [1], b"12345678"], use_bin_type=True))}
    ),
    "keys that cannot be keys": msgpack.packb({"answer": msgpack.ExtType(2, msgpack.packb([[[1], 2]]))}),
    "nothing": b"",
}


@pytest.mark.parametrize("frame", FORGED.values(), ids=FORGED)
def test_a_forged_frame_is_data_at_most(process: WorkerProcess, frame: bytes) -> None:
    """Written to every descriptor; the reader gets data, or learns that there is none, and the next run is clean."""
    bad = write_to_every_pipe(f"{LENGTH.pack(len(frame)) + frame!r} * 3")
    replies = run(process, cell("import numpy as np"), cell(bad, "second"), *[probe("second")] * 4)
    assert all(reply.fate or isinstance(reply.data, dict) for reply in replies)
    for reply in replies:
        assert type(reply.data.get("answer")) in (type(None), float, int, list, Raised, Opaque, np.ndarray)
    between_good_ones(process, "def second(x):\n    return x")


@pytest.mark.parametrize("length", [2**32 - 1, 2**26, 9 * 2**20])
def test_a_frame_that_claims_to_be_huge_is_not_read(process: WorkerProcess, length: int) -> None:
    bad = write_to_every_pipe(repr(LENGTH.pack(length)))
    replies, _ = between_good_ones(process, bad)
    assert replies[3].fate == frames.TOO_MUCH_DATA


def test_threads_that_go_on_forever_do_no_harm(process: WorkerProcess) -> None:
    start = "for _ in range(5):\n    threading.Thread(target=time.sleep, args=(100,)).start()"
    _, second = between_good_ones(process, f"import threading, time\ndef second(x):\n    return x\n{start}")
    assert second.data == {"answer": 4.0}


def test_replaced_builtins_do_not_reach_the_next_submission(process: WorkerProcess) -> None:
    bad = (
        "import builtins, sys\nnp.sqrt = lambda x: 2.0\nbuiltins.print = None\nbuiltins.len = None\n"
        "sys.modules['math'] = None\nimport autograder.wire as w\nw.encode = None"
    )
    run(process, cell("import numpy as np"), cell(bad), probe("second"))
    replies, _ = between_good_ones(process, "def second(x):\n    return x")
    assert not any(output for output in replies[0].data["outputs"])


STRANGE = {
    "lies about equality": "class Odd:\n    def __eq__(self, other):\n        return True\n    __hash__ = int",
    "raises when pickled": "class Odd:\n    def __reduce__(self):\n        raise RuntimeError",
    "claims to be an array": "class Odd:\n    def __array__(self, *a, **k):\n        raise RuntimeError",
    "claims to be a number": "class Odd(float):\n    def __float__(self):\n        raise RuntimeError",
    "is a list that cannot be read": "class Odd(list):\n    def __iter__(self):\n        raise RuntimeError",
    "is an endless list": "class Odd(list):\n    def __iter__(self):\n        while True:\n            yield 1",
    "is a dict that cannot be read": "class Odd(dict):\n    def items(self):\n        raise SystemExit",
    "has a class that says it is a tensor": "class Odd:\n    detach = None\nOdd.__module__ = 'torch'",
    "has no name": "class Odd(metaclass=type('Meta', (type,), {'__name__': property(lambda self: 1 / 0)})):\n    pass",
}


@pytest.mark.parametrize("odd", STRANGE.values(), ids=STRANGE)
def test_an_object_that_misbehaves_when_it_is_looked_at_is_no_answer(process: WorkerProcess, odd: str) -> None:
    _, second = between_good_ones(process, odd + "\ndef second(x):\n    return [1.0, Odd()]")
    answer = second.data.get("answer")
    assert is_lost(second) or isinstance(answer[1], Opaque) or answer[1] == 0.0


def test_an_array_of_a_subclass_is_an_array(process: WorkerProcess) -> None:
    odd = "class Odd(np.ndarray):\n    def __eq__(self, other):\n        return True"
    _, second = between_good_ones(process, f"{odd}\ndef second(x):\n    return np.zeros(3).view(Odd)")
    assert type(second.data["answer"]) is np.ndarray


def test_an_exception_whose_text_cannot_be_read_does_not_undo_its_cell(process: WorkerProcess) -> None:
    odd = "class Odd(Exception):\n    def __str__(self):\n        raise RuntimeError"
    _, second = between_good_ones(process, f"{odd}\ndef second(x):\n    return x\nraise Odd")
    assert second.data == {"answer": 4.0}


def test_a_step_that_was_lost_is_not_repeated(process: WorkerProcess) -> None:
    """The cells before it run again in a new child, so later exercises find their helpers."""
    replies = run(
        process,
        cell("helper = 41"),
        cell("import os\nos._exit(1)"),
        cell("def answer():\n    return helper + 1", "answer"),
        probe("answer", "answer()"),
    )
    assert [reply.fate for reply in replies] == ["", frames.CRASHED, "", ""]
    assert replies[3].data == {"answer": 42}


def test_a_cell_that_fails_only_when_it_is_repeated_costs_no_other_step(process: WorkerProcess) -> None:
    """The repetition can differ: here the cell finds the file that its first run has left."""
    moody = "import os\nif os.path.exists('seen'):\n    os._exit(1)\nopen('seen', 'w').close()"
    replies, second = between_good_ones(process, f"{moody}\ndef second(x):\n    os._exit(1)")
    assert second.fate == frames.CRASHED
    assert not replies[5].fate


def test_a_slow_probe_spares_the_time_of_the_others_of_its_exercise(process: WorkerProcess) -> None:
    replies = run(
        process,
        cell("def second(x):\n    while True:\n        pass", "second"),
        *[probe("second")] * 6,
    )
    assert [reply.fate for reply in replies[1:]] == [frames.OUT_OF_TIME] * 6
    assert sum(reply.seconds for reply in replies[2:]) < replies[1].seconds


def test_the_time_of_the_whole_notebook_is_limited(process: WorkerProcess) -> None:
    limits = Limits(step_seconds=1.0, total_seconds=1.5)
    replies = run(process, *[cell("import time\ntime.sleep(0.6)")] * 4, cell("1"), limits=limits)
    assert replies[0].fate == replies[1].fate == ""
    assert replies[3].fate == replies[4].fate == frames.NO_TIME_LEFT


def test_a_notebook_that_keeps_crashing_is_given_up(process: WorkerProcess) -> None:
    limits = Limits(step_seconds=1.0, restarts=3)
    replies = run(process, *[cell("import os\nos._exit(1)")] * 5, limits=limits)
    assert [reply.fate for reply in replies] == [frames.CRASHED] * 3 + [frames.CRASHED_TOO_OFTEN] * 2


def test_a_name_that_was_never_defined_is_missing(process: WorkerProcess) -> None:
    assert run(process, cell("x = 1", "second"), probe("second"))[1].data == {"missing": ["second"]}


def test_a_later_value_does_not_take_the_place_of_a_function_but_a_later_function_does(
    process: WorkerProcess,
) -> None:
    replies = run(
        process,
        cell("def second(x):\n    return x", "second"),
        cell("second = second(3.0)", "second"),
        probe("second"),
        cell("def second(x):\n    return -x", "second"),
        probe("second"),
    )
    assert [replies[2].data, replies[4].data] == [{"answer": 4.0}, {"answer": -4.0}]


def test_a_probe_has_globals_of_its_own(process: WorkerProcess) -> None:
    replies = run(
        process,
        cell("def second(x):\n    return x\nnp = math = sum = attempt = None", "second"),
        probe("second", "attempt(sum, [np.ones(()), math.e * 0, second(1.0)])"),
    )
    assert replies[1].data == {"answer": 2.0}


def test_equal_seeds_give_equal_inputs_and_other_seeds_others(process: WorkerProcess) -> None:
    def answer(seed: int) -> float:
        steps = cell("def second(x):\n    return x", "second"), probe("second", "second(rng.normal())", seed=seed)
        return float(run(process, *steps)[1].data["answer"])

    assert answer(1) == answer(1) != answer(2)
    assert answer(7) == np.random.default_rng(7).normal()


def test_random_numbers_of_student_code_are_the_same_in_every_run(process: WorkerProcess) -> None:
    """The old global generators are seeded anew in every child, and before every probe."""
    draw = cell("import random\ndef second(x):\n    return np.random.rand(), random.random()", "second")
    for before in ([], [probe("second")], [cell("np.random.rand()")]):
        *_, asked, again = run(process, cell("import numpy as np"), draw, *before, probe("second"), probe("second"))
        assert asked.data == again.data == {"answer": (pytest.approx(0.5488135), pytest.approx(0.8444218))}


def test_what_a_probe_does_to_torch_is_nothing_to_the_next() -> None:
    switch = "record = torch.is_grad_enabled()\n    torch.set_grad_enabled(False)"
    draw = f"import torch\ndef second(x):\n    {switch}\n    return torch.rand(3), record"
    with WorkerProcess(("torch",), allow_unsafe=True) as process:
        replies = run(process, cell(draw, "second"), *[probe("second")] * 2, limits=Limits())
    (first, recorded), (second, still) = (reply.data["answer"] for reply in replies[1:])
    assert first.tolist() == second.tolist()
    assert recorded is still is True


# Looks for the text HEAD + TAIL backwards (so that it is not found in this very code) in the memory of the heap.
SEARCH = """
import ctypes, os
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
reader, writer = os.pipe()
found, top = 0, libc.sbrk(0)
for address in range(top - 200 * 2**20, top, 4096):
    if libc.write(writer, address, 4096) == 4096:  # what is not there is an error, not a crash
        pieces = os.read(reader, 4096).split(HEAD.encode())[1:]
        found += sum(piece[:32][::-1] == TAIL.encode() for piece in pieces)
print(found)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the search knows Linux alone")
def test_nothing_of_a_submission_is_left_in_the_memory_of_the_next(process: WorkerProcess) -> None:
    """The next student could look for it: a solution, or what the tests asked."""
    head, tail = secrets.token_hex(16), secrets.token_hex(16)
    submission = [cell(f"def f():\n    return '{head}{tail}'  #{' ' * 50 * length}") for length in range(60)]
    search = [cell(f"HEAD, TAIL = {head!r}, {tail[::-1]!r}"), cell(SEARCH)]

    def found(replies: list[Reply]) -> int:
        return int("".join(replies[-1].data["outputs"][0]["text"]))

    limits = Limits(step_seconds=10.0)
    assert found(run(process, *submission, *search, limits=limits)) > 0, "the search finds what is there"
    assert found(run(process, *search, limits=limits)) == 0


def test_a_file_of_one_submission_is_not_there_for_the_next(process: WorkerProcess) -> None:
    run(process, cell("open('left', 'w').write('the answer')"))
    assert run(process, cell("import os\ndef second(x):\n    return os.listdir('.')", "second"), probe("second"))[
        1
    ].data == {"answer": []}


def test_student_code_finds_no_environment_and_no_course(process: WorkerProcess) -> None:
    look = (
        "import os, sys\ndef second(x):\n"
        "    return sorted(os.environ), [p for p in sys.path if os.path.exists(p + '/solutions')]"
    )
    _, second = between_good_ones(process, look)
    names, courses = second.data["answer"]
    assert set(names) <= {"HOME", "TMPDIR", "PATH", "LANG", "LC_CTYPE", "KMP_INIT_AT_FORK"}
    assert courses == []


def test_a_plot_and_the_value_of_the_last_line_are_kept(process: WorkerProcess) -> None:
    plot = cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nprint('text')\n40 + 2")
    outputs = run(process, plot, limits=Limits())[0].data["outputs"]
    kinds = [(output["output_type"], sorted(output.get("data", {}))) for output in outputs]
    assert kinds == [
        ("stream", []),
        ("display_data", ["text/plain"]),
        ("display_data", ["image/png", "text/plain"]),
    ]


def test_a_plot_that_nobody_will_see_is_not_drawn(process: WorkerProcess) -> None:
    draw = "import matplotlib.pyplot as plt\nfrom matplotlib.figure import Figure\nplt.plot([1, 2])\n"
    count = "drawn = []\nreal = Figure.draw\nFigure.draw = lambda *args: (drawn.append(1), real(*args))"
    for pictures, most in ((0, 0), (1, 3)):
        steps = [cell(draw + count), cell("print(len(drawn))")]
        first, second = run(process, *steps, limits=Limits(pictures=pictures))
        assert [output["output_type"] for output in first.data["outputs"]] == ["display_data"]
        drawn = int("".join(second.data["outputs"][0]["text"]))
        assert (drawn > 0) == bool(pictures)
        assert drawn <= most


def test_an_error_shows_the_line_of_the_cell_and_nothing_of_the_machinery(process: WorkerProcess) -> None:
    source = "def inner(x):\n    return 1 / x\n\ninner(0)"
    (error,) = run(process, cell(source))[0].data["outputs"]
    trace = "\n".join(error["traceback"])
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert trace.index("In a cell, line 4\n    inner(0)") < trace.index("In a cell, line 2 in inner\n    return 1 / x")
    assert "autograder" not in trace
    assert "IPython" not in trace


def test_an_error_of_syntax_shows_the_place_and_no_name_of_a_file(process: WorkerProcess) -> None:
    (error,) = run(process, cell("x = 1\ny = 2 3"))[0].data["outputs"]
    assert error["evalue"].startswith("invalid syntax")
    assert "In a cell, line 2\n    y = 2 3\n" in "\n".join(error["traceback"])
    assert "ipython-input" not in str(error)


def test_temporary_files_go_to_the_scratch_folder() -> None:
    source = "import os, tempfile\nwith tempfile.TemporaryFile():\n    print(tempfile.gettempdir() == os.getcwd())"
    with WorkerProcess(("torch",), allow_unsafe=True) as process:  # torch asks for the folder outside already
        assert run(process, cell(source), limits=Limits())[0].data["outputs"][0]["text"][0] == "True"


def test_html_and_javascript_of_a_student_go_nowhere(process: WorkerProcess) -> None:
    show = "display(HTML('<script>alert(1)</script>'), Javascript('alert(1)'), SVG('<svg onload=\"alert(1)\"/>'))"
    outputs = run(process, cell("from IPython.display import HTML, SVG, Javascript, display\n" + show))[0].data[
        "outputs"
    ]
    assert [sorted(output["data"]) for output in outputs] == [["text/plain"]] * 3
    assert "alert" not in str(outputs)


def test_magics_and_top_level_await_run_as_in_a_notebook(process: WorkerProcess) -> None:
    count = "import asyncio\nasync def count():\n    await asyncio.sleep(0)\n    yield 7\n"
    steps = [cell(count), cell("[n async for n in count()]"), cell("await asyncio.sleep(0, 7)")]
    shown = [reply.data["outputs"] for reply in run(process, *steps)]
    assert [outputs[0]["data"]["text/plain"] if outputs else "" for outputs in shown] == ["", "[7]", "7"]
    source = "%matplotlib inline\nimport asyncio\nawait asyncio.sleep(0)\n%time x = 1\ndef second(x):\n    return x"
    _, second = between_good_ones(process, source)
    assert second.data == {"answer": 4.0}


def test_the_worker_is_started_again_after_its_death(process: WorkerProcess) -> None:
    with WorkerProcess(("numpy",), allow_unsafe=True) as other:
        run(other, cell("1"))
        assert other._process is not None
        other._process.kill()
        lost = run(other, cell("1"), cell("2"))
        assert [reply.fate for reply in lost] == [frames.CRASHED] * 2
        between_good_ones(other, "def second(x):\n    return x")


def test_a_weeks_packages_are_there_before_its_first_cell() -> None:
    with WorkerProcess(("numpy", "xmlrpc.client"), allow_unsafe=True) as warm:
        asked = "['xmlrpc.client' in sys.modules, 'xmlrpc.server' in sys.modules]"
        replies = run(warm, cell(f"import sys\ndef second(x):\n    return {asked}", "second"), probe("second"))
    assert replies[1].data == {"answer": [True, False]}


def test_a_cell_that_fails_when_it_runs_again_is_not_tried_a_third_time(process: WorkerProcess) -> None:
    """It goes by the clock, which no wall of the sandbox resets."""
    limits = Limits(step_seconds=2.0, total_seconds=20.0)
    moody = f"import os, time\nif time.time() > {time.time() + 2.0}:\n    os._exit(1)\n"
    replies = run(
        process,
        cell(f"{moody}def second(x):\n    while True:\n        pass", "second"),
        probe("second"),
        cell("def third(x):\n    return x", "third"),
        probe("third"),
        limits=limits,
    )
    assert [reply.fate for reply in replies] == ["", frames.OUT_OF_TIME, "", ""]
