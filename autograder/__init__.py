"""The grader: lessons become notebooks, notebooks are run in a sandbox, answers are compared outside of it."""

import sys

# jsonschema, on which nbformat builds, imports this at every start if it is there. It makes a parser of internet
# addresses for most of a second; notebooks hold none to check.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
