"""Names looked up in the libraries themselves: by import and by attribute, without running any property."""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.util
import inspect
from pathlib import Path


class NotThereError(Exception):
    """A name that does not resolve; the message says where the look-up ended."""


@functools.cache
def _module(name: str) -> object:
    try:
        if name.partition(".")[0] == "django":
            _set_django_up()
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(error.name + ".")):
            return None
        raise NotThereError(f"import of {name} fails: {error}") from error
    except Exception as error:  # whatever a library raises when it lacks what it wants
        raise NotThereError(f"import of {name} fails: {type(error).__name__}: {error}") from error


@functools.cache
def resolve(name: str) -> object:
    """The object behind a qualified name: the longest part that imports, then attributes."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        module = _module(".".join(parts[:length]))
        if module is not None:
            break
    else:
        raise NotThereError(f"no module {parts[0]}")
    value = module
    for part in parts[length:]:
        try:
            value = inspect.getattr_static(value, part) if isinstance(value, type) else getattr(value, part)
        except AttributeError:
            raise NotThereError(f"{_said(value)} has no {part}") from None
    return value


def resolve_method(owner: str, method: str) -> object:
    """A method as it stands in its class or a base, undecorated by the descriptor protocol; None if set on `self`."""
    cls = resolve(owner)
    try:
        return inspect.getattr_static(cls, method)
    except AttributeError:
        if any(method in _set_on_self(base) for base in getattr(cls, "__mro__", ())):
            return None
        raise NotThereError(f"{_said(cls)} has no {method}") from None


def resolve_attribute(owner: str, attribute: str) -> None:
    """An attribute of a class or of what its methods set on `self`."""
    cls = resolve(owner)
    if hasattr(type(cls), attribute) or _has_static(cls, attribute):
        return
    for base in getattr(cls, "__mro__", ()):
        if attribute in getattr(base, "__annotations__", {}) or attribute in _set_on_self(base):
            return
    raise NotThereError(f"{_said(cls)} has no {attribute}")


def why_not(name: str) -> str | None:
    try:
        resolve(name)
    except NotThereError as reason:
        return str(reason)
    return None


def installed(name: str) -> bool:
    """Is the package there that provides this name?"""
    try:
        return importlib.util.find_spec(name.partition(".")[0]) is not None
    except ValueError:
        return True


def _set_django_up() -> None:
    """Django's models can be imported only in a project; this is the smallest one."""
    settings = importlib.import_module("django.conf").settings
    if not settings.configured:
        settings.configure(INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"])
        importlib.import_module("django").setup()


def _has_static(value: object, attribute: str) -> bool:
    try:
        inspect.getattr_static(value, attribute)
    except AttributeError:
        return False
    return True


@functools.cache
def _set_on_self(cls: type) -> frozenset[str]:
    """What a class's methods assign to `self`, read in the file that its code says it is from."""
    codes = (getattr(member, "__code__", None) for member in vars(cls).values())
    path = next((code.co_filename for code in codes if code is not None and Path(code.co_filename).is_file()), None)
    classes = [n for n in ast.walk(_parsed(path)) if isinstance(n, ast.ClassDef) and n.name == cls.__name__] if path else []
    stored = (n for c in classes for n in ast.walk(c) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store))
    return frozenset(n.attr for n in stored if isinstance(n.value, ast.Name) and n.value.id == "self")


@functools.cache
def _parsed(path: str) -> ast.Module:
    return ast.parse(Path(path).read_bytes())


def _said(value: object) -> str:
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None) or type(value).__name__
    return f"{getattr(value, '__module__', '')}.{name}".lstrip(".")
