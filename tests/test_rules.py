"""The rules: their codes, the shape of their pages, and the examples on the pages, which are run."""

from __future__ import annotations

import re
import sys
from collections import Counter

import pytest

from nosyncio import config, rules
from nosyncio.model import Context, Kind, Misuse
from nosyncio.rules.base import Code, HygieneRule, KindRule, MisuseRule, Rule
from support import check_source

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KIND_RULES = [rule for rule in rules.rules() if issubclass(rule, KindRule)]
MISUSE_RULES = [rule for rule in rules.rules() if issubclass(rule, MisuseRule)]
CODE_RULES = [rule for rule in rules.rules() if not issubclass(rule, HygieneRule)]
"""Those on code that is checked."""
_DECLARED = [rule for rule in KIND_RULES if rule.kind is Kind.USER]
CODES = list(rules.codes().values())


def name_of(rule: type[Rule]) -> str:
    return rule.__name__


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks in `text` that are in `language`."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def expected(source: str) -> set[tuple[int, str]]:
    """The (line, code) pairs that the markers in `source` ask for."""
    lines = enumerate(source.splitlines(), start=1)
    return {(number, code) for number, line in lines for code in re.findall(r"# expect: (\w+)", line)}


def reported(source: str, **options: object) -> list[tuple[int, str]]:
    return sorted((finding.span.line, finding.code) for finding in check_source(source, **options))


# -------------------------------------------------------------------------------------------------------------------- codes


def test_every_kind_has_one_rule() -> None:
    assert Counter(rule.kind for rule in KIND_RULES) == Counter(Kind)


def test_every_misuse_has_one_rule() -> None:
    assert Counter(rule.misuse for rule in MISUSE_RULES) == Counter(Misuse)


def test_misuse_has_codes_of_its_own() -> None:
    misuse = {code.code: code.name for code in CODES if code.code.startswith("NSI4")}
    assert misuse == {
        "NSI401": "called-not-passed",
        "NSI402": "nested-loop",
        "NSI403": "offloaded-lazy",
        "NSI404": "offloaded-coroutine",
        "NSI405": "never-awaited",
    }


def test_a_kind_has_a_code_in_each_context() -> None:
    """But for a nested loop, which has one, and none where no loop runs."""
    for kind in Kind:
        codes = [rules.code_for(kind, context) for context in Context]
        if kind is Kind.NESTED_LOOP:
            assert [code and code.code for code in codes] == ["NSI402", None, "NSI402"]
        else:
            assert [code and code.code for code in codes] == [f"NSI{context.digit}{kind.number:02}" for context in Context]


def test_a_code_is_given_out_once() -> None:
    given = [code for rule in rules.rules() for code in rule.codes()]
    assert [code for code, times in Counter(code.code for code in given).items() if times > 1] == []
    assert [name for name, times in Counter(code.name for code in given).items() if times > 1] == []


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_a_code_is_three_digits_and_a_kebab_case_name(code: Code) -> None:
    assert re.fullmatch(r"NSI\d{3}", code.code)
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", code.name)
    assert code.summary == code.summary.strip(" .")
    assert code.summary
    if code.kind is not None and code.context is not None:
        assert code.code == f"NSI{code.context.digit}{code.kind.number:02}"


@pytest.mark.parametrize("rule", KIND_RULES, ids=name_of)
def test_a_noun_goes_on_a_sentence(rule: type[KindRule]) -> None:
    assert re.match(r"[a-z]+ing\b", rule.noun)
    assert not rule.noun.endswith(".")


def test_off_by_default() -> None:
    assert {rule.kind for rule in KIND_RULES if not rule.default} == {Kind.IMPORT_LOAD, Kind.CPU}


# -------------------------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("rule", rules.rules(), ids=name_of)
def test_a_page_has_its_sections_in_order(rule: type[Rule]) -> None:
    assert re.findall(r"^## (.*)$", rule.page(), re.MULTILINE) == list(rule.SECTIONS)
    assert [heading for heading in rule.SECTIONS if not rule.section(heading)] == []


@pytest.mark.parametrize("rule", rules.rules(), ids=name_of)
def test_a_page_is_short_and_starts_with_a_title(rule: type[Rule]) -> None:
    lines = rule.page().splitlines()
    assert lines[0].endswith(".")
    assert lines[1] == ""
    assert len(lines) <= 45


@pytest.mark.parametrize("rule", CODE_RULES, ids=name_of)
def test_a_page_shows_python_before_and_after(rule: type[Rule]) -> None:
    assert len(blocks(rule.section("Example"), "python")) == 1
    assert len(blocks(rule.section("Use instead"), "python")) == 1
    markers = re.findall(r"# expect: (\w+)", rule.page())
    own = {code.code for code in rule.codes()}
    assert set(markers) <= own
    assert markers or rule in _DECLARED


# ----------------------------------------------------------------------------------------------------------------- examples


@pytest.mark.parametrize("rule", CODE_RULES, ids=name_of)
def test_the_example_reports_what_it_says(rule: type[Rule]) -> None:
    for source in blocks(rule.section("Example"), "python"):
        assert reported(source) == sorted(expected(source))


@pytest.mark.parametrize("rule", CODE_RULES, ids=name_of)
def test_what_to_use_instead_reports_nothing(rule: type[Rule]) -> None:
    for source in blocks(rule.section("Use instead"), "python"):
        assert reported(source) == []


def test_what_a_project_declares_is_reported() -> None:
    (rule,) = _DECLARED
    (document,) = blocks(rule.section("Example"), "toml")
    (source,) = blocks(rule.section("Example"), "python")
    (instead,) = blocks(rule.section("Use instead"), "python")
    table = config.nosyncio_table(tomllib.loads(document), "the page")
    assert table is not None
    calls = [number for number, line in enumerate(source.splitlines(), start=1) if re.match(r"    \w+\.\w+\(", line)]
    assert reported(source, **table) == [(number, "NSI120") for number in calls]
    assert len(calls) == 2
    assert reported(instead, **table) == []
