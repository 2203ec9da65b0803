"""IPython without a terminal: runs the cells of a student and keeps what they show, as much as is wanted of it."""

import ast
import io
import traceback
from typing import Any

import matplotlib
import matplotlib.pyplot
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib_inline import backend_inline
from traitlets.config import Config

KEPT_TYPES = ("text/plain", "image/png")  # of what cells display; a stranger's HTML or SVG goes nowhere


class Record:
    """The outputs of the cell at work, in nbformat's shape, with limits on how much is kept."""

    def __init__(self) -> None:
        self.start(0, 0)

    def start(self, text: int, pictures: int) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.text_left, self.pictures_left = text, pictures

    def stream(self, name: str, text: str) -> None:
        text, self.text_left = text[: self.text_left], max(0, self.text_left - len(text))
        last = self.outputs[-1] if self.outputs else {}
        if text and last.get("output_type") == "stream" and last["name"] == name:
            last["text"].append(text)
        elif text:
            self.outputs.append({"output_type": "stream", "name": name, "text": [text]})

    def display(self, data: dict[str, Any]) -> None:
        kept = {kind: data[kind] for kind in KEPT_TYPES if isinstance(data.get(kind), (str, bytes))}
        if "image/png" in kept:
            self.pictures_left -= 1
            if self.pictures_left < 0:
                return
        kept["text/plain"] = str(kept.get("text/plain", ""))[: self.text_left]
        self.text_left -= len(kept["text/plain"])
        self.outputs.append({"output_type": "display_data", "data": kept})

    def error(self, name: str, message: str, lines: list[str]) -> None:
        self.outputs.append(
            {
                "output_type": "error",
                "ename": name,
                "evalue": message[:2000],
                "traceback": [line[:4000] for line in lines[-20:]],
            }
        )


RECORD = Record()


class Stream(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr."""

    def __init__(self, name: str) -> None:
        self.stream_name = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        RECORD.stream(self.stream_name, text)
        return len(text)


class Publisher(DisplayPublisher):
    def publish(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        RECORD.display(data)


class Hook(DisplayHook):
    """The value of a cell's last expression."""

    def write_output_prompt(self) -> None: ...

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        RECORD.display(format_dict)


class Compiler(CachingCompiler):
    """Parses a cell once: IPython asks for the tree of what `transform_cell` has just looked at."""

    last: tuple[str, ast.AST | None] = ("", None)

    def ast_parse(self, source: str, filename: str = "<cell>", symbol: str = "exec") -> ast.AST:
        seen, tree = self.last
        self.last = ("", None)  # given away once: whoever has it may change it
        return tree if tree is not None and source == seen else super().ast_parse(source, filename, symbol)

    def is_python(self, source: str) -> bool:
        try:
            self.last = source, self.ast_parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        return True

    def format_code_name(self, name: str) -> tuple[str, str] | None:
        """How tracebacks call a cell: it has no number here that its author would know."""
        return ("In a", "cell") if name in self._filename_map else None


class Shell(InteractiveShell):
    """IPython without a terminal, a history or colours."""

    display_pub_class = Publisher
    displayhook_class = Hook
    compiler_class = Compiler

    def enable_gui(self, gui: Any = None) -> None: ...

    def transform_cell(self, raw_cell: str) -> str:
        """IPython's magics, for cells that need them: what is Python already stays as it is."""
        source = raw_cell if raw_cell.endswith("\n") else raw_cell + "\n"
        return source if self.compile.is_python(source) else str(super().transform_cell(raw_cell))

    def should_run_async(self, raw_cell: str, **known: Any) -> bool:
        """Whether a cell awaits something at its top level: IPython compiles it to find out, which few cells need."""
        return ("await" in raw_cell or "async" in raw_cell) and bool(super().should_run_async(raw_cell, **known))

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        message = evalue.msg if isinstance(evalue, SyntaxError) else str(evalue)  # without the name of a file
        RECORD.error(etype.__name__, str(message), [str(line) for line in stb])


# What is loaded at the first value, error and plot is loaded here, once, and not in every child. No arithmetic:
# libraries that start threads for it would leave the children without them.
WARMING = ("None", "raise ValueError", "import matplotlib.pyplot\nmatplotlib.pyplot.plot([0, 1])")


def make_shell() -> Shell:
    """Called in the warm worker, before any fork."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    config.InteractiveShell.xmode = "Plain"  # no code around the lines: reading it takes longer than many a submission
    shell = Shell.instance(config=config)
    matplotlib.use("module://matplotlib_inline.backend_inline")
    matplotlib.interactive(True)  # a figure is shown when its cell ends, without plt.show()
    backend_inline.configure_inline_support(shell, "inline")
    for warming in WARMING:
        shell.run_cell(warming, store_history=False)
    shell.reset(new_session=False)
    matplotlib.pyplot.uninstall_repl_displayhook()  # a figure is drawn when it is shown, not after every cell, too
    return shell


def run_cell(shell: Shell, source: str) -> None:
    try:
        shell.run_cell(source, store_history=False)
    except BaseException as error:  # whatever escapes IPython is the cell's error
        RECORD.error(type(error).__name__, str(error), traceback.format_exc(limit=-3).splitlines())
