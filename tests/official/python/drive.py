"""Calls every method of a client once: first the methods of the scenario, in its order, then all others.

The routes of the others must be missing in the emulator.
"""

import inspect
import traceback
from dataclasses import dataclass, field
from typing import Any, Callable

from stytch.core.response_base import StytchError

from methods import dummies


@dataclass
class Row:
    """`args(m)` returns the keyword arguments, made from the results of earlier rows. `check(m, result)` reads the
    effect back by another route, and raises if it differs."""

    args: Callable[[Any], dict] = lambda m: {}
    check: Callable[[Any, Any], Any] = lambda m, result: None


@dataclass
class Outcome:
    methods: int = 0
    succeeded: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    problems: dict = field(default_factory=dict)


async def drive(methods, scenario, m, calls_async=False):
    """Drives the methods, or with `calls_async` their asynchronous variants."""
    outcome = Outcome(methods=len(methods))
    for name, row in scenario.items():
        try:
            function = _async_variant(methods[name]) if calls_async else methods[name]
            result = await _result(function(**row.args(m)))
            m.results[name] = result
            row.check(m, result)
            outcome.succeeded.append(name)
        except Exception:
            outcome.problems[name] = traceback.format_exc()
    for name, function in methods.items():
        if name in scenario or calls_async:
            continue
        found = _is_missing(function)
        if found is True:
            outcome.missing.append(name)
        else:
            outcome.problems[name] = f"is not missing any more: add a row to the scenario ({found})"
    return outcome


def _async_variant(function):
    """A method without an asynchronous variant is called itself: local checks, and static methods."""
    return getattr(getattr(function, "__self__", None), f"{function.__name__}_async", function)


async def _result(result):
    """Waits for a coroutine. Of a generator, returns the first item."""
    if inspect.isawaitable(result):
        return await result
    if inspect.isasyncgen(result):
        return await anext(result)
    return next(result) if inspect.isgenerator(result) else result


def _is_missing(function):
    """Whether the emulator does not have the route: 501, or the answers to an unknown path and verb."""
    try:
        return f"succeeded: {function(**dummies(function))}"
    except StytchError as error:
        details = error.details
        missing = details.status_code == 501 or details.error_type in ("route_not_found", "method_not_allowed")
        return missing or f"{details.status_code} {details.error_type}"
    except Exception as error:
        return repr(error)
