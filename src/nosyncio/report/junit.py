"""JUnit's XML, as Jenkins' schema has it (`junit-10.xsd` of jenkinsci/xunit-plugin): a suite a file, a failed test a finding.

Consumers tell tests of two runs apart by class and name, and take those of one name for one: names hold no places, and are told
apart by a number.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from xml.etree import ElementTree

from nosyncio.model import Report
from nosyncio.report.issues import Issue, issues, lines
from nosyncio.report.style import shown

_NOTHING_FOUND = "no sync I/O"
"""The test that passes if there is nothing to report: some consumers take a report without tests for a fault."""


def render(report: Report, source_line: Callable[[str, int], str]) -> str:
    root = ElementTree.Element("testsuites")
    by_path = sorted(issues(report), key=lambda issue: issue.path)
    for path, entries in itertools.groupby(by_path, key=lambda issue: issue.path):
        root.append(_suite(path, [*entries], source_line))
    if not by_path:
        suite = ElementTree.SubElement(root, "testsuite", name="nosyncio", tests="1", failures="0", errors="0")
        ElementTree.SubElement(suite, "testcase", classname="nosyncio", name=_NOTHING_FOUND)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _suite(path: str, entries: list[Issue], source_line: Callable[[str, int], str]) -> ElementTree.Element:
    errors = sum(issue.finding is None for issue in entries)
    numbers = {"tests": len(entries), "failures": len(entries) - errors, "errors": errors}
    suite = ElementTree.Element("testsuite", {"name": shown(path)} | {name: str(number) for name, number in numbers.items()})
    for issue, name in zip(entries, _told_apart(map(_name, entries))):
        case = ElementTree.SubElement(suite, "testcase", classname=_class_name(path), name=name)
        result = "error" if issue.finding is None else "failure"
        fault = ElementTree.SubElement(case, result, message=shown(issue.message), type=issue.code)
        fault.text = "\n".join(lines(issue, source_line))
    return suite


def _class_name(path: str) -> str:
    """A file as the module that it is: consumers take what stands before the last dot for a package."""
    return shown(path.removesuffix(".py").replace("/", "."))


def _name(issue: Issue) -> str:
    finding = issue.finding
    if finding is None or finding.callee is None:
        return f"{issue.code} {issue.name}"
    return shown(f"{issue.code} {finding.callee} in {finding.function or 'the module'}")


def _told_apart(names: Iterable[str]) -> list[str]:
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told
