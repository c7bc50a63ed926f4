"""The public methods of the clients of PyPI stytch, found by a walk through their objects.

The walk visits the objects of the modules `stytch.*.api`. So the list is complete without being maintained. Knows
nothing about the emulator.
"""

import inspect


def methods_of(client):
    """Returns the synchronous methods below `client`, by their paths (`users.create`)."""
    methods = {}
    _walk(client, "", methods, seen=[])
    return methods


def _walk(thing, path, methods, seen):
    for name, part in vars(thing).items():
        if name.startswith("_") or ".api." not in type(part).__module__ or part in seen:
            continue
        seen.append(part)
        for method, _ in inspect.getmembers(type(part), inspect.isroutine):
            if not method.startswith("_") and not method.endswith("_async"):
                methods[f"{path}{name}.{method}"] = getattr(part, method)
        _walk(part, f"{path}{name}.", methods, seen)


def dummies(function):
    """Returns a value for each required argument, by its annotation."""
    values = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.default is inspect.Parameter.empty:
            kind = str(parameter.annotation)
            values[name] = next((value for start, value in _DUMMIES if kind.startswith(start)), "x")
    return values


_DUMMIES = [("List", []), ("Dict", {}), ("int", 1), ("bool", False)]
