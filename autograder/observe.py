"""What a probe may use to observe a call. This runs in the student's process as well as beside the reference."""

import warnings
from collections.abc import Callable
from typing import Any

from autograder.wire import Raised


def attempt(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """The value of a call, or the exception it raises as data (`Raised`)."""
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return Raised.of(error)


def warned(function: Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
    """[value, names of the classes of the warnings that the call gave, sorted]."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = attempt(function, *args, **kwargs)
    return [value, sorted({warning.category.__name__ for warning in caught})]
