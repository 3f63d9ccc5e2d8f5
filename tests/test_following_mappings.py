"""What a project's own mapping hands to a package with `**`: the keys that are seen to be put into it are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments import ends, found

CLIENT = """import ssl

class AsyncClient:
    def __init__(self, verify=True, transport=None, timeout=None):
        if verify is True and transport is None:
            ssl.create_default_context()
"""
APP = """import copy
from typing import TypedDict
import acme_sdk

class Options(TypedDict, total=False):
    {declared}: object

class Base:
    def __init__(self, **options: object) -> None:
        self.options: dict[str, object] = {{"{key}": 1}}

    async def start(self):
        return acme_sdk.AsyncClient(**self.options)

def options(own) -> dict[str, object]:
    made: dict[str, object] = {{"timeout": 1}}
    if own:
        made["{key}"] = own
    else:
        made["{key}"] = 1
    return checked(made)

def optional(own) -> dict[str, object]:
    made: dict[str, object] = {{"timeout": 1}}
    if own is not None:
        made["transport"] = own
    return made

def checked(given):
    return given

async def main(own):
    {body}

def declared() -> Options: ...
"""
WAYS = [
    'acme_sdk.AsyncClient(**{{"{key}": own}})',
    "acme_sdk.AsyncClient(**dict(timeout=1, {key}=own))",
    'm = {{}}; m["{key}"] = own; acme_sdk.AsyncClient(**m)',
    'm = {{"timeout": 1}}; m.update({key}=own); acme_sdk.AsyncClient(**m)',
    'm = {{"timeout": 1}}; m.update({{"{key}": own}}); acme_sdk.AsyncClient(**m)',
    'm = {{"timeout": 1}}; m.setdefault("{key}", own); acme_sdk.AsyncClient(**m)',
    'm = {{"{key}": own}}; acme_sdk.AsyncClient(**{{"timeout": 1, **m}})',
    'm = {{"{key}": own}}; acme_sdk.AsyncClient(**m.copy())',
    'm = {{"{key}": own}}; acme_sdk.AsyncClient(**copy.copy(m))',
    'm = {{"timeout": 1}} | {{"{key}": own}}; acme_sdk.AsyncClient(**m)',
    'm = {{"{key}": own}} if own else {{"{key}": 1}}; acme_sdk.AsyncClient(**m)',
    'm = {{"{key}": own}}; acme_sdk.AsyncClient(**acme_sdk.checked(m))',
    'm = {{"{key}": own}}; n = {{**m, "timeout": 1}} if own else m; acme_sdk.AsyncClient(**n)',
    "acme_sdk.AsyncClient(**options(own))",
    'm = {{"{key}": own}}; n = {{"timeout": 1}}\n    if "{key}" in m: n["{key}"] = m["{key}"]\n    acme_sdk.AsyncClient(**n)',
    'm = dict(own)\n    if "{key}" not in m: m["{key}"] = own\n    acme_sdk.AsyncClient(**m)',
    'm = dict(own)\n    if "{key}" in m:\n        if own: m["{key}"] = 1\n'
    '    elif own: m["{key}"] = 2\n    else: m["{key}"] = 3\n    acme_sdk.AsyncClient(**m)',
    "m = dict(own)\n    if own:\n        if main: m.update({key}=1)\n        else: m.update({key}=2)\n    else: m['{key}'] = 3\n"
    "    acme_sdk.AsyncClient(**m)",
]

OTHERS = [
    "acme_sdk.AsyncClient(**declared())",
    "acme_sdk.AsyncClient(**own)",
    'acme_sdk.AsyncClient(**{{"timeout": 1, "transport": None}})',
    'm = {{"timeout": 1}}; m.update({{"transport": own}} if own else {{}}); acme_sdk.AsyncClient(**m)',
    'm = {{"timeout": 1, **({{"transport": own}} if own else {{}})}}; acme_sdk.AsyncClient(**m)',
    "acme_sdk.AsyncClient(**optional(own))",
    "m = dict(own)\n    if own:\n        if main: m['transport'] = 1\n"
    "    else: m['transport'] = 3\n    acme_sdk.AsyncClient(**m)",
    "m = dict(own)\n    if 'transport' in m: m['transport'] = 1\n    acme_sdk.AsyncClient(**m)",
    "m = dict(own)\n    if own: m['transport'] = 1\n    elif main: m['transport'] = 2\n    acme_sdk.AsyncClient(**m)",
]


def app(body: str, key: str) -> str:
    return APP.format(body=body.format(key=key), key=key, declared=key)


@pytest.mark.parametrize("body", [*WAYS, "acme_sdk.AsyncClient(**declared())"])
def test_a_key_that_decides_and_may_be_given(tmp_path: Path, body: str) -> None:
    assert found(tmp_path, app(body, "transport"), {"acme_sdk/__init__.py": CLIENT}) == []


@pytest.mark.parametrize("body", [*WAYS, *OTHERS])
def test_another_key_decides_nothing(tmp_path: Path, body: str) -> None:
    findings = found(tmp_path, app(body, "timeout"), {"acme_sdk/__init__.py": CLIENT})
    assert [place for _, _, *place in ends(findings)] == [["ssl.create_default_context", "acme_sdk/__init__.py:6"]] * 2


WRAPPERS = """import acme_sdk

class Client(acme_sdk.AsyncClient):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

class Marked(acme_sdk.AsyncClient):
    def __init__(self, **kwargs):
        kwargs["timeout"] = 1
        super().__init__(**kwargs)

class Local(acme_sdk.AsyncClient):
    def __init__(self, **kwargs):
        kwargs["transport"] = 1
        super().__init__(**kwargs)

def made(**kwargs):
    return acme_sdk.AsyncClient(**kwargs)

def made_otherwise(**options):
    settings = {{"transport": options}}
    return acme_sdk.AsyncClient(**settings)

async def main(own, **kwargs):
    {body}
"""


@pytest.mark.parametrize(
    "body",
    [
        "Client(transport=own)",
        "Marked(verify=False)",
        "Local()",
        "made(transport=own)",
        "made(verify=False)",
        "made_otherwise(a=1)",
        "Client(**own)",
        "m = {{}}\n    for key in own: m[key] = own[key]\n    acme_sdk.AsyncClient(**m)",
    ],
)
def test_what_a_wrapper_of_the_project_is_given_decides(tmp_path: Path, body: str) -> None:
    assert found(tmp_path, WRAPPERS.format(body=body), {"acme_sdk/__init__.py": CLIENT}) == []


@pytest.mark.parametrize("body", ["Client()", "Client(timeout=1)", "Marked(timeout=1)", "made(timeout=1)", "made(**kwargs)"])
def test_what_a_wrapper_is_not_given_is_left_out(tmp_path: Path, body: str) -> None:
    findings = found(tmp_path, WRAPPERS.format(body=body), {"acme_sdk/__init__.py": CLIENT})
    assert [place for _, _, *place in ends(findings)] == [["ssl.create_default_context", "acme_sdk/__init__.py:6"]]


def test_a_name_to_listen_on(tmp_path: Path) -> None:
    package = """import socket

def listen(host, port):
    return socket.getaddrinfo(host, port, flags=socket.AI_PASSIVE)

def look_up(host, port):
    return socket.getaddrinfo(host, port)
"""
    main = "import acme_sdk\n\nasync def main(host):\n    acme_sdk.listen(host, 80)\n    acme_sdk.look_up(host, 80)\n"
    findings = found(tmp_path, main, {"acme_sdk/__init__.py": package})
    assert ends(findings) == [(5, "NSI310", "socket.getaddrinfo", "acme_sdk/__init__.py:7")]
