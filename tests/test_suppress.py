"""`# noqa`: it silences exactly what flake8 lets it silence, and says so where it silences nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from commands import check, flake8, found, write
from nosyncio.analysis import comments
from nosyncio.analysis.comments import linter_comments
from nosyncio.config import from_table, key_of
from nosyncio.suppress import Selection, apply_comments
from support import check_source, facts_of_text

IN_CORO = "import time\n\nasync def main(x, f):\n"

BODIES = {
    "code": "    time.sleep(1)  # noqa: NSI101\n",
    "bare": "    time.sleep(1)  # noqa\n",
    "bare_with_reason": "    time.sleep(1)  # noqa because\n",
    "upper": "    time.sleep(1)  # NOQA:NSI101\n",
    "mixed": "    time.sleep(1)  # NoQA : NSI999\n",
    "prefix": "    time.sleep(1)  # noqa: NSI1\n",
    "letters_only": "    time.sleep(1)  # noqa: NSI\n",
    "by_name": "    time.sleep(1)  # noqa: sleep-in-async\n",
    "lower_code": "    time.sleep(1)  # noqa: nsi101\n",
    "wrong_code": "    time.sleep(1)  # noqa: NSI102\n",
    "longer_code": "    time.sleep(1)  # noqa: NSI1011\n",
    "other_tool": "    time.sleep(1)  # noqa: E501\n",
    "list_commas": "    time.sleep(1)  # noqa: E501,NSI101,W291\n",
    "list_spaces": "    time.sleep(1)  # noqa: E501 NSI101\n",
    "list_both": "    time.sleep(1)  # noqa: E501 , NSI101\n",
    "list_with_reason": "    time.sleep(1)  # noqa: NSI101 - startup only\n",
    "two_spaces": "    time.sleep(1)  # noqa:  NSI101\n",
    "no_space": "    time.sleep(1)  #noqa: NSI101\n",
    "many_spaces": "    time.sleep(1)  #  noqa: NSI101\n",
    "after_another": "    time.sleep(1)  # type: ignore # noqa: NSI101\n",
    "two_comments": "    time.sleep(1)  # noqa: E501 # noqa: NSI101\n",
    "two_findings": "    time.sleep(open('x'))  # noqa: NSI102\n",
    "line_before": "    # noqa: NSI101\n    time.sleep(1)\n",
    "line_after": "    time.sleep(1)\n    # noqa: NSI101\n",
    "call_first_line": "    time.sleep(  # noqa: NSI101\n        1\n    )\n",
    "call_last_line": "    time.sleep(\n        1\n    )  # noqa: NSI101\n",
    "call_middle_line": "    time.sleep(\n        1  # noqa: NSI101\n    )\n",
    "inner_line": "    f(\n        time.sleep(1),  # noqa: NSI101\n        time.sleep(2),\n    )\n",
    "backslash": "    x = \\\n        time.sleep(1)  # noqa: NSI101\n",
    "backslash_first": "    x = time.sleep(1) + \\\n        open('x')  # noqa: NSI101\n",
    "string_after": "    f(time.sleep(1), '''\n    ''')  # noqa: NSI101\n",
    "string_before": "    f('''\n    ''', time.sleep(1))  # noqa: NSI101\n",
    "string_then_line": "    f('''\n    ''',\n    time.sleep(1))  # noqa: NSI101\n",
    "string_first_of_two": "    f('''# noqa: E501\n    ''', time.sleep(1))  # noqa: NSI101\n",
    "f_string": "    f(time.sleep(1), f'''{x}\n    ''')  # noqa: NSI101\n",
    "in_string": "    f('# noqa: NSI101', time.sleep(1))\n",
    "in_string_bare": "    f('# noqa', time.sleep(1))\n",
    "in_string_lines": "    f(time.sleep(1), '''\n    # noqa: NSI101\n    ''')\n",
    "codes_over_lines": "    f(time.sleep(1), '''\n    # noqa: E501\n    NSI101 ''')\n",
    "semicolon": "    time.sleep(1); open('x')  # noqa: NSI101\n",
    "with": "    with open('x') as f:  # noqa: NSI102\n        f.read()\n",
    "with_body": "    with open('x') as f:\n        f.read()  # noqa: NSI102\n",
    "decorator": "    @time.sleep(1)  # noqa: NSI101\n    def g():\n        pass\n",
    "definition": "    def g(a=time.sleep(1)):  # noqa: NSI101\n        pass\n",
    "wide": "    f('漢字', time.sleep(1))  # é # noqa: NSI101\n",
    "last_line_without_newline": "    time.sleep(1)  # noqa: NSI101",
    "file_wide": "    # flake8: noqa\n    time.sleep(1)\n",
    "file_wide_equals": "    time.sleep(1)\n# FLAKE8= NOQA\n",
    "file_wide_behind_code": "    time.sleep(1)  # flake8: noqa\n",
    "file_wide_in_string": "    f('''\n# flake8: noqa\n''', time.sleep(1))\n",
}


def test_scan_agrees_with_the_tokenizer() -> None:
    """The fast way to find comments gives what Python's own tokenizer gives, on all the code that is at hand."""
    checked = 0
    for path in sorted([*Path(comments.__file__).parent.parent.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]):
        text = path.read_text(encoding="utf-8", errors="replace")
        scanned = comments._scan(text)
        if scanned is not None:
            checked += 1
            assert scanned == comments._tokens(text), path
    assert checked > 100


def test_the_same_findings_are_suppressed_as_under_flake8(tmp_path: Path) -> None:
    write(tmp_path, {f"{name}.py": IN_CORO + body for name, body in BODIES.items()})
    ours = found(tmp_path, "--isolated", "--ignore", "NSI901")
    theirs = flake8(tmp_path, "--isolated", ".")
    by_name = {name: [item[1:] for item in ours if item[0] == f"{name}.py"] for name in BODIES}
    assert by_name == {name: [item[1:] for item in theirs if item[0] == f"{name}.py"] for name in BODIES}
    silent = {name for name, items in by_name.items() if not items}
    assert {"code", "bare", "prefix", "list_both", "string_after", "in_string", "file_wide"} < silent
    assert {"wrong_code", "lower_code", "call_last_line", "file_wide_behind_code"}.isdisjoint(silent)


def test_codes_behind_a_file_wide_noqa_narrow_it(tmp_path: Path) -> None:
    body = "    time.sleep(1)\n    open('x')\n"
    write(tmp_path, {"a.py": f"# flake8: noqa: NSI102\n{IN_CORO}{body}", "b.py": f"# flake8: noqa: F401, E501\n{IN_CORO}{body}"})
    expected = [("a.py", 5, 5, "NSI101"), ("b.py", 5, 5, "NSI101"), ("b.py", 6, 5, "NSI102")]
    assert found(tmp_path, "--isolated") == expected
    assert flake8(tmp_path, "--isolated", ".") == []  # flake8 leaves out the file, whatever the codes


# ------------------------------------------------------------------------------------------------------ what suppresses nothing


def left(text: str, **options: Any) -> list[tuple[int, int, str]]:
    """Line, column and code of what is left of a module's findings, with `options` of `[tool.nosyncio]`."""
    selection = Selection(from_table({key_of(name): value for name, value in options.items()}, "options"))
    is_on = partial(selection.includes, path="module.py")
    findings = [finding for finding in check_source(text) if is_on(finding.code)]
    kept = apply_comments("module.py", findings, facts_of_text(text).comments, is_on)
    return [(finding.span.line, finding.span.column, finding.code) for finding in kept]


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ("x = 1  # noqa: NSI102", [20]),
        ("x = 1  # noqa:NSI102", [19]),
        ("x = 1  # NOQA: E501, NSI102,NSI103  W291", [26, 33]),
        ("x = 1  # noqa: NSI1021, NSI102", [29]),
        ("x = '漢'  # é # noqa: NSI102", [26]),
        ("time.sleep(1)  # noqa: NSI101, NSI102", [36]),
        ("time.sleep(1)  # noqa: NSI102", [28]),
        ("x = 1  # noqa: NSI1", [20]),
        ("x = 1  # noqa: nsi102", [20]),
        ("x = f(  # noqa: NSI101\n        time.sleep(1))", [21]),
        ("x = 1  # noqa", []),
        ("x = 1  # noqa: E501", []),
        ("x = 1  # noqa: NSI9", []),
        ("x = 1  # noqa: NSI102, NSI901", []),
        ("x = 1  # noqa: NSI302", [20]),
        ("x = 1  # noqa: NSI399", []),
        ("x = '# noqa: NSI102'", []),
        ("time.sleep(1)  # noqa: NSI101", []),
        ("time.sleep(open('x'))  # noqa: NSI101, NSI102", []),
    ],
)
def test_a_code_that_suppresses_nothing_is_reported_where_it_stands(line: str, columns: list[int]) -> None:
    kept = left(f"{IN_CORO}    {line}\n")
    assert [column for _, column, code in kept if code == "NSI901"] == columns


def test_codes_that_are_off_are_left_alone() -> None:
    """A comment says nothing wrong about a code that this run does not look for."""
    text = f"{IN_CORO}    time.sleep(1)  # noqa: NSI101\n    x = 1  # noqa: NSI102, NSI114\n"
    assert left(text) == [(5, 20, "NSI901")]
    assert left(text, ignore=["NSI102"]) == []
    assert left(text, per_file_ignores={"*.py": ["NSI102"]}) == []
    assert left(text, select=["NSI101", "NSI901"]) == []
    assert left(text, ignore=["NSI101", "NSI102"]) == []
    assert left(text, extend_select=["NSI114"]) == [(5, 20, "NSI901"), (5, 28, "NSI901")]


def test_nsi901_can_be_off() -> None:
    text = f"{IN_CORO}    x = 1  # noqa: NSI102\n"
    assert left(text, ignore=["NSI901"]) == []
    assert left(text, select=["NSI1"]) == []
    assert left(f"# flake8: noqa\n{text}") == []
    assert left(f"# flake8: noqa: NSI9\n{text}") == []


def test_an_unused_code_is_a_finding_like_others(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "x = 1  # noqa: NSI102\n"})
    code, document = check(tmp_path)
    assert code == 1
    (finding,) = document["findings"]
    assert (finding["code"], finding["line"], finding["column"], finding["end_column"]) == ("NSI901", 1, 16, 22)
    assert (finding["kind"], finding["context"], finding["callee"], finding["function"]) == (None, None, None, None)


def test_many_comments_cost_little() -> None:
    """A line of nothing but number signs, and many comments: a scan that took the square of their length would not end."""
    text = "x = 1  # noqa: NSI102\n" * 20_000 + "#" * 1_000_000 + " noqa\n"
    assert len(linter_comments(text)) == 20_001
