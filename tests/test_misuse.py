"""Misuse as findings: the words, and what stands beside what else. Where it is found, the fixtures in `fixtures/misuse` say."""

from __future__ import annotations

import pytest

from nosyncio.model import Context, Finding, Kind
from nosyncio.suppress import apply_comments
from support import check_files, check_source, checked_files

_HEAD = """
import asyncio, time
from pathlib import Path

async def fetch() -> str:
    return "page"

def load() -> str:
    time.sleep(1)
    return "page"

def fetch_now() -> str:
    return asyncio.run(fetch())

"""


def _found(body: str) -> list[Finding]:
    """What is found in the body of a coroutine function."""
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    return check_source(f"{_HEAD}async def handle(root: Path) -> None:\n{indented}\n")


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (
            "await asyncio.to_thread(str(root))",
            "NSI401",
            "`str` is called here, and `asyncio.to_thread` gets what it gives; pass the function itself and its arguments",
        ),
        (
            "asyncio.run(fetch())",
            "NSI402",
            "`asyncio.run` cannot run inside the event loop in 'handle'; use `await`",
        ),
        (
            "fetch_now()",
            "NSI402",
            "`fetch_now` reaches `asyncio.run` in 'module.fetch_now' and cannot run inside the event loop in 'handle';"
            " use `await`",
        ),
        (
            "sorted(await asyncio.to_thread(root.glob, '*'))",
            "NSI403",
            "`pathlib.Path.glob` is lazy: iterating what it gave blocks the event loop in 'handle', not the thread that made it;"
            " make a list in the thread",
        ),
        (
            "await asyncio.to_thread(fetch)",
            "NSI404",
            "`fetch` is a coroutine function: `asyncio.to_thread` only makes a coroutine of it, which does not run;"
            " await it instead",
        ),
        ("fetch()", "NSI405", "`fetch` is a coroutine function: without `await` this call does nothing; await it"),
        (
            "asyncio.sleep(1)",
            "NSI405",
            "`asyncio.sleep` is a coroutine function: without `await` this call does nothing; await it",
        ),
    ],
)
def test_messages(body: str, code: str, message: str) -> None:
    (finding,) = _found(body)
    assert (finding.code, finding.message, finding.function) == (code, message, "handle")


def test_callees_are_qualified() -> None:
    (finding,) = _found("fetch()")
    assert (finding.callee, finding.kind, finding.context) == ("module.fetch", None, None)


def test_a_nested_loop_has_its_chain() -> None:
    (finding,) = _found("fetch_now()")
    assert (finding.kind, finding.context) == (Kind.NESTED_LOOP, Context.REACHABLE)
    assert [hop.function for hop in finding.chain] == ["handle", "fetch_now"]
    assert [(leaf.callee, leaf.kind) for leaf in finding.leaves] == [("asyncio.run", Kind.NESTED_LOOP)]


def test_what_is_called_too_early_keeps_its_own_code() -> None:
    found = _found("await asyncio.to_thread(load())")
    assert [(finding.code, finding.span.column) for finding in found] == [("NSI401", 11), ("NSI301", 29)]


def test_starting_a_loop_is_right_in_the_sync_code_of_async_only_modules() -> None:
    text = (
        "# nosyncio: async-only\nimport asyncio\nasync def fetch() -> None: ...\ndef main() -> None:\n    asyncio.run(fetch())\n"
    )
    assert check_source(text) == []


def test_a_comment_on_the_line_that_starts_the_loop_silences_chains_to_it() -> None:
    silenced = _HEAD.replace("asyncio.run(fetch())", "asyncio.run(fetch())  # noqa: NSI402")
    (checked,) = checked_files({"module.py": f"{silenced}async def handle() -> None:\n    fetch_now()\n"})
    assert checked.findings == []
    kept = apply_comments(checked.path, checked.findings, checked.comments, silencing=checked.silencing)
    assert [finding.code for finding in kept] == ["NSI903"]


def test_a_project_declares_its_own() -> None:
    text = "from acme import spin\nasync def handle() -> None:\n    spin()\n"
    (finding,) = check_source(text, blocking=[{"functions": ["acme.spin"], "kind": "nested-loop"}])
    assert (finding.code, finding.instead) == ("NSI402", "await")
    declared = {"functions": ["acme.spin"], "kind": "nested-loop", "instead": {"asyncio": "acme.aio.spin"}}
    (finding,) = check_source(text, blocking=[declared])
    assert finding.message == "`acme.spin` cannot run inside the event loop in 'handle'; use `acme.aio.spin`"


def test_a_patch_counts_in_its_own_program() -> None:
    service = "import asyncio\nasync def fetch() -> None: ...\nasync def handle() -> None:\n    asyncio.run(fetch())\n"
    patch = "import nest_asyncio\nnest_asyncio.apply()\n"
    beside = {"shop/__init__.py": "", "shop/service.py": service, "notebooks/__init__.py": "", "notebooks/setup.py": patch}
    assert [finding.code for finding in check_files(beside)] == ["NSI402"]
    inside = {"shop/__init__.py": "", "shop/service.py": service, "shop/setup.py": patch}
    assert check_files(inside) == []
