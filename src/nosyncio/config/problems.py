"""What is wrong with a TOML table, in plain words: the full key, what it must be, what it is, the nearest valid key."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Mapping

from msgspec import inspect

_PLURALS: dict[type[inspect.Type], str] = {inspect.StrType: "strings", inspect.StructType: "tables"}
_SINGULARS: dict[type[inspect.Type], str] = {
    inspect.StrType: "a string",
    inspect.BoolType: "true or false",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.StructType: "a table",
    inspect.DictType: "a table",
}


def first_problem(value: object, wanted: inspect.Type, key: str = "") -> str | None:
    """What keeps `value`, read from TOML under `key`, from being `wanted`; None if nothing does."""
    plain = _without_metadata(wanted)
    if isinstance(plain, inspect.UnionType):
        choices = _choices(plain)
        if len(choices) == 1:
            return first_problem(value, choices[0], key)
        return None if any(first_problem(value, choice, key) is None for choice in choices) else _wrong(value, wanted, key)
    if isinstance(plain, inspect.StructType) and isinstance(value, dict):
        return _table_problem(value, plain, key)
    if isinstance(plain, inspect.DictType) and isinstance(value, dict):
        named = ((f'{key}."{name}"', name, item) for name, item in value.items())
        found = (first_problem(name, plain.key_type, at) or first_problem(item, plain.value_type, at) for at, name, item in named)
        return next(filter(None, found), None)
    if isinstance(plain, inspect.VarTupleType) and isinstance(value, list):
        found = (first_problem(item, plain.item_type, f"{key}[{index}]") for index, item in enumerate(value))
        return next(filter(None, found), None)
    return None if _is_scalar_of(value, plain) else _wrong(value, wanted, key)


def _table_problem(table: Mapping[str, object], wanted: inspect.StructType, key: str) -> str | None:
    fields = {field.encode_name: field for field in wanted.fields}
    at = f"{key}: " if key else ""
    for name, value in table.items():
        if name not in fields:
            return f"{at}unknown key {name!r}{did_you_mean(name, fields) or f'; the keys are {_listed(fields)}'}"
        problem = first_problem(value, fields[name].type, f"{key}.{name}" if key else name)
        if problem is not None:
            return problem
    missing = next((field.encode_name for field in wanted.fields if field.required and field.encode_name not in table), None)
    return None if missing is None else f"{at}the key {missing!r} is missing"


def _is_scalar_of(value: object, wanted: inspect.Type) -> bool:
    if isinstance(wanted, inspect.StrType):
        return isinstance(value, str) and (wanted.pattern is None or re.search(wanted.pattern, value) is not None)
    if isinstance(wanted, (inspect.EnumType, inspect.LiteralType)):
        return isinstance(value, str) and value in _values(wanted)
    if isinstance(wanted, inspect.BoolType):
        return isinstance(value, bool)
    if isinstance(wanted, (inspect.IntType, inspect.FloatType)):
        accepted = int if isinstance(wanted, inspect.IntType) else (int, float)
        return isinstance(value, accepted) and not isinstance(value, bool)
    return False


def _wrong(value: object, wanted: inspect.Type, key: str) -> str:
    plain = _without_metadata(wanted)
    if isinstance(plain, inspect.UnionType) and len(_choices(plain)) == 1:
        plain = _choices(plain)[0]
    near = did_you_mean(value, _values(plain)) if isinstance(value, str) else ""
    return f"{key}: must be {_described(wanted)}, not {_shown(value)}{near}"


def _described(wanted: inspect.Type) -> str:
    """What a type is called; a string with a pattern by the description that stands beside the pattern."""
    plain = _without_metadata(wanted)
    if isinstance(plain, inspect.StrType) and plain.pattern is not None and isinstance(wanted, inspect.Metadata):
        return str((wanted.extra_json_schema or {}).get("description", f"a string like {plain.pattern}"))
    if isinstance(plain, inspect.UnionType):
        return " or ".join(dict.fromkeys(_described(choice) for choice in _choices(plain)))
    if isinstance(plain, inspect.VarTupleType):
        return f"a list of {_PLURALS.get(type(_without_metadata(plain.item_type)), 'values')}"
    if _values(plain):
        return f"one of {_listed(_values(plain))}"
    return _SINGULARS.get(type(plain), "something else")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return f"the string {value!r}"
    return "a list" if isinstance(value, list) else "a table" if isinstance(value, dict) else "a date or time"


def _values(wanted: inspect.Type) -> list[str]:
    if isinstance(wanted, inspect.EnumType):
        return [str(member.value) for member in wanted.cls]
    return [str(value) for value in wanted.values] if isinstance(wanted, inspect.LiteralType) else []


def _choices(wanted: inspect.UnionType) -> list[inspect.Type]:
    """The types that TOML can express."""
    return [choice for choice in wanted.types if not isinstance(choice, inspect.NoneType)]


def _without_metadata(wanted: inspect.Type) -> inspect.Type:
    return wanted.type if isinstance(wanted, inspect.Metadata) else wanted


def _listed(words: Iterable[str]) -> str:
    return ", ".join(repr(word) for word in words)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest of `known`, or nothing. Of equally near ones, the one that starts most alike."""
    import difflib  # rarely needed, and slow to import

    wanted = word.lower()
    by_lower = {item.lower(): item for item in known}

    def nearness(item: str) -> tuple[float, int]:
        alike = os.path.commonprefix([item, wanted])  # noqa: RUF071  (characters are what is meant)
        return (difflib.SequenceMatcher(None, item, wanted).ratio(), len(alike))

    near = max(difflib.get_close_matches(wanted, by_lower, n=5, cutoff=0.5), key=nearness, default=None)
    return "" if near is None else f"; did you mean {by_lower[near]!r}?"
