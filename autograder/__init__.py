"""The grader: lessons become notebooks, notebooks are run in a sandbox, answers are compared outside of it."""
