"""Configuration that cannot be used: one line that names the file, the key, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import SLEEPS, nosyncio, write
from nosyncio.config import ConfigError, discover, from_table
from nosyncio.run import check as run_check

WRONG: list[tuple[str, str]] = [
    ('selct = ["NSI"]', "unknown key 'selct'; did you mean 'select'?"),
    ('extend_select = ["NSI"]', "unknown key 'extend_select'; did you mean 'extend-select'?"),
    ('select = "NSI"', "select: must be a list of strings, not the string 'NSI'"),
    ('select = ["NSI", 1]', "select[1]: must be a string, not 1"),
    ('select = ["NSI1022"]', "select: 'NSI1022' is no code, no beginning of one, and no name; did you mean 'NSI102'?"),
    ('select = [""]', "select: '' is no code, no beginning of one, and no name"),
    ('extend-select = ["X"]', "extend-select: 'X' is no code, no beginning of one, and no name"),
    (
        'ignore = ["opn-in-async"]',
        "ignore: 'opn-in-async' is no code, no beginning of one, and no name; did you mean 'open-in-async'?",
    ),
    ('per-file-ignores = ["NSI"]', "per-file-ignores: must be a table, not a list"),
    ('per-file-ignores = {"a.py" = "NSI101"}', "per-file-ignores.\"a.py\": must be a list of strings, not the string 'NSI101'"),
    (
        'per-file-ignores = {"a.py" = ["NSX101"]}',
        "per-file-ignores.\"a.py\": 'NSX101' is no code, no beginning of one, and no name; did you mean 'NSI101'?",
    ),
    ('exclude = ["[z-a]"]', "exclude: bad glob '[z-a]': bad character range z-a at position 10"),
    ('exclude = ["!"]', "exclude: bad glob '!': Invalid git pattern: '!'"),
    ('async-only = [" "]', "async-only: bad glob ' ': it names no file"),
    ("allow-init = 1", "allow-init: must be true or false, not 1"),
    (
        'async-library = "tri"',
        "async-library: must be one of 'asyncio', 'anyio', 'trio', not the string 'tri'; did you mean 'trio'?",
    ),
    ("async-library = false", "async-library: must be one of 'asyncio', 'anyio', 'trio', not false"),
    ("src = 1979-05-27", "src: must be a list of strings, not a date or time"),
    ('blocking = [{funcs = ["a.b"]}]', "blocking[0]: unknown key 'funcs'; did you mean 'functions'?"),
    ('blocking = [{functions = "a.b"}]', "blocking[0].functions: must be a list of strings, not the string 'a.b'"),
    (
        'blocking = [{functions = ["a.b"]}, {functions = ["a-b"]}]',
        "blocking[1].functions[0]: must be a dotted name such as 'package.function', not the string 'a-b'",
    ),
    (
        'blocking = [{functions = ["a.b"], unless = [{argment = "x"}]}]',
        "blocking[0].unless[0]: unknown key 'argment'; did you mean 'argument'?",
    ),
    ('blocking = {functions = ["a.b"]}', "blocking: must be a list of tables, not a table"),
    ('blocking = [{class = "a.B"}]', "blocking[0]: names nothing; give 'functions', or 'class' with 'methods'"),
    ('safe = [{functions = ["a.b"]}]', "safe[0]: the key 'reason' is missing"),
    ('offloads = [{functions = ["a.b"], callable = 1}]', "offloads[0].callable: must be a table, not 1"),
    ('aliases = {"a.b" = 1}', "aliases.\"a.b\": must be a dotted name such as 'package.function', not 1"),
    ('stubs = {"a.b" = "def f(:"}', 'stubs."a.b": line 1: invalid syntax'),
]


@pytest.mark.parametrize(("toml", "problem"), WRONG)
def test_a_problem_is_one_line_with_file_and_key(tmp_path: Path, toml: str, problem: str) -> None:
    write(tmp_path, {"a.py": SLEEPS, "pyproject.toml": f"[tool.nosyncio]\n{toml}\n"})
    with pytest.raises(ConfigError) as raised:
        run_check(discover(tmp_path), [tmp_path], base=tmp_path)
    assert str(raised.value) == f"{tmp_path / 'pyproject.toml'}: {problem}"


def test_a_wrong_kind_is_told_the_right_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^x: blocking\[0\]\.kind: must be one of .*'sleep'.*; did you mean 'sleep'\?$"):
        from_table({"blocking": [{"functions": ["a.b"], "kind": "slep"}]}, "x")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"[tool.nosyncio\n", "not valid TOML: "),
        (b'x = "\xff"\n', "not valid TOML: byte 0xff is not UTF-8"),
        (b"[tool]\nnosyncio = 1\n", "tool.nosyncio must be a table"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, content: bytes, problem: str) -> None:
    write(tmp_path, {"a.py": SLEEPS, "pyproject.toml": content})
    with pytest.raises(ConfigError) as raised:
        discover(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / 'pyproject.toml'}: {problem}")
    assert "\n" not in str(raised.value)


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    with pytest.raises(ConfigError, match=r"pyproject\.toml: cannot be read: Is a directory$"):
        discover(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/pyproject.toml").symlink_to("nowhere")
    with pytest.raises(ConfigError, match=r"pyproject\.toml: cannot be read: No such file or directory$"):
        discover(tmp_path / "sub")
    write(tmp_path, {"own/pyproject.toml": "[tool.nosyncio]\n"})

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ConfigError, match=r"own/pyproject\.toml: cannot be read: Permission denied$"):
        discover(tmp_path / "own")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--config", "no.toml"], "no.toml: cannot be read: No such file or directory"),
        (["--select", "XX"], "--select: 'XX' is no code, no beginning of one, and no name"),
        (["--per-file-ignores", "a.py"], "--per-file-ignores: 'a.py' is not GLOB:CODE[,CODE...]"),
        (
            ["--per-file-ignores", "a.py:NSX101"],
            "--per-file-ignores: 'NSX101' is no code, no beginning of one, and no name; did you mean 'NSI101'?",
        ),
        (["--async-only", "[z-a]"], "--async-only: bad glob '[z-a]': bad character range z-a at position 10"),
    ],
)
def test_a_flag_that_cannot_be_used(tmp_path: Path, arguments: list[str], problem: str) -> None:
    write(tmp_path, {"a.py": SLEEPS, "pyproject.toml": "[tool.nosyncio]\n"})
    assert nosyncio(tmp_path, "check", *arguments) == (2, "", f"nosyncio: {problem}\n")


def test_a_bad_file_ends_the_command_with_2(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS, "pyproject.toml": "[tool.nosyncio]\nselct = 1\n"})
    expected = f"nosyncio: {tmp_path / 'pyproject.toml'}: unknown key 'selct'; did you mean 'select'?\n"
    assert nosyncio(tmp_path, "check") == (2, "", expected)


@pytest.mark.parametrize(
    ("text", "problem"),
    [(f"x = {'9' * 5000}\n", "Exceeds the limit"), (f"x = {'[' * 5000}{']' * 5000}\n", "nested too deeply")],
)
def test_toml_that_python_does_not_take(tmp_path: Path, text: str, problem: str) -> None:
    write(tmp_path, {"a.py": SLEEPS, "pyproject.toml": text})
    done = nosyncio(tmp_path, "check")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"nosyncio: {tmp_path / 'pyproject.toml'}: not valid TOML: {problem}")
