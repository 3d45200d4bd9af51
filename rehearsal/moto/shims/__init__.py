"""Importing this package gives moto the actions that it lacks; `ACTIONS` lists them."""

from . import budgets, ec2, eks  # noqa: F401
from .registry import ACTIONS  # noqa: F401
