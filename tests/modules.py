"""Files of Python that belong to no package, as modules: references and benchmarks."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]


def module_at(place: str) -> ModuleType:
    """The module at a place in the repository, such as benchmarks/gpt.py."""
    spec = spec_from_file_location(place.removesuffix(".py").replace("/", "_").replace("-", "_"), ROOT / place)
    module = sys.modules[spec.name] = module_from_spec(spec)  # a dataclass looks itself up there
    spec.loader.exec_module(module)
    return module
