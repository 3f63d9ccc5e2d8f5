"""Whatever stands in a project: each file gives findings or says why not, there is no traceback, and the rest is checked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from commands import SLEEPS, check, checked, codes, found, nosyncio, write
from nosyncio import discovery, project, sources, tree
from nosyncio.config import Config


def reason(folder: Path, content: str | bytes) -> str:
    """Why a file with this content is not analysed, with the line; empty if it is. A file beside it is always checked."""
    write(folder, {"odd.py": content, "rest.py": SLEEPS})
    report = checked(folder)
    assert ("rest.py", "NSI101") in {(finding.path, finding.code) for finding in report.findings}
    return "".join(f"{item.line or '-'}: {item.reason}" for item in report.not_analysed)


# --------------------------------------------------------------------------------------------------------------------- syntax


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("def f(:\n", "1: syntax error: "),
        ("x = 1\n  y = 2\n", "2: syntax error: unexpected indent"),
        ("x = (1,\n", "1: syntax error: '(' was never closed"),
        ("x = '''\n", "1: syntax error: unterminated triple-quoted string literal"),
        ("x = 1 \\", "1: syntax error: unexpected EOF"),
        ("def f():\n\tx\n        y\n", "3: syntax error: inconsistent use of tabs and spaces"),
        (f"x = {'9' * 5000}\n", "1: syntax error: Exceeds the limit"),
    ],
)
def test_syntax_errors(tmp_path: Path, content: str, problem: str) -> None:
    assert reason(tmp_path, content).startswith(problem)


@pytest.mark.parametrize(
    "line",
    [
        "print 'hello'",
        "print x",
        "exec 'x = 1'",
        "exec code in ns",
        "x = `1`",
        "if x <> 1: pass",
        "x = 0777",
        "x = 10L",
        "x = ur'a'",
        "raise E, 'x'",
        "def f((a, b)): pass",
        "def f(x, (a, b)): pass",
        "try: pass\nexcept E, e: pass",
    ],
)
def test_python_2_is_recognised(tmp_path: Path, line: str) -> None:
    if line.startswith("try") and sys.version_info >= (3, 14):
        pytest.skip("is valid again")
    said = reason(tmp_path, f"# python 2\n{line}\n")
    assert said.startswith(("2: syntax error: ", "3: syntax error: "))
    assert said.endswith("; this looks like Python 2")


@pytest.mark.parametrize("line", ["def f(a=(1, 2), b: pass", "x = u'a' 'b", "print('a' 'b", "f(x, y", "except A: pass", "type x"])
def test_python_2_and_newer_pythons_are_not_seen_everywhere(tmp_path: Path, line: str) -> None:
    assert "looks like" not in reason(tmp_path, f"{line}\n")


@pytest.mark.parametrize(
    ("version", "source"),
    [
        ((3, 11), "try: pass\nexcept* ValueError: pass"),
        ((3, 11), "x = a[*b]"),
        ((3, 11), "def f(*args: *Ts): pass"),
        ((3, 12), "type X = int"),
        ((3, 12), "def f[T](x: T) -> T: ..."),
        ((3, 12), "class A[T]: ..."),
        ((3, 12), "async def f[T: int](x: T) -> T: ..."),
        ((3, 12), "x = f'{a['b']}'"),
        ((3, 12), 'x = f"{a["b"]}"'),
        ((3, 12), "x = f'{\"\\n\".join(a)}'"),
        ((3, 12), "x = f'''{\na # c\n}'''"),
        ((3, 13), "def f[T = int](x: T) -> T: ..."),
        ((3, 13), "class A[T = int]: ..."),
        ((3, 14), "try: pass\nexcept A, B: pass"),
        ((3, 14), "try: pass\nexcept a.b, c.D: pass"),
        ((3, 14), "try: pass\nexcept* A, B: pass"),
        ((3, 14), "x = t'{a}'"),
    ],
)
def test_newer_syntax_names_the_version_to_run_with(tmp_path: Path, version: tuple[int, int], source: str) -> None:
    said = reason(tmp_path, f"{source}\n")
    if sys.version_info >= version:
        assert said == ""
    else:
        assert f"; this looks like code for Python 3.{version[1]}: run nosyncio with that version or a later one" in said
        assert said.endswith(f"this is 3.{sys.version_info[1]}")


# ----------------------------------------------------------------------------------------------------------------------- bytes


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# only\n# comments",
        b'"""Only a docstring."""',
        b"\n\n\n",
        b"\x0c",
        b"\xef\xbb\xbf",
        b"# -*- coding: utf-8 -*-\n\xc3\xa9 = 1\n",
        b"#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\nx = '\xe9'\n",
        b"x = 1\r\ny = 2\rz = 3",
        b"def f(a, a): pass\nreturn 1\nbreak\nawait x\n",
        b"x = '\\ud800'\nasync def f():\n    x('\\ud800')\n",
        b"async def f(x):\n    x(0x" + b"f" * 5000 + b", 1e999, 1j, -0.0, 10**10**10, 99999999999999999999999)\n",
    ],
)
def test_odd_but_valid(tmp_path: Path, content: bytes) -> None:
    assert reason(tmp_path, content) == ""


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + SLEEPS.encode(),
        SLEEPS.replace("\n", "\r\n").encode(),
        SLEEPS.replace("\n", "\r").encode(),
        SLEEPS.rstrip().encode(),
        b"# coding: cp1252\n" + SLEEPS.encode() + b"    x = '\x80'\n",
        SLEEPS.replace("\nasync", "\x0c\nasync").encode(),
    ],
)
def test_findings_in_odd_encodings(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, {"a.py": content})
    line = 5 if content.startswith(b"#") else 4
    assert [(finding.span.line, finding.span.column) for finding in checked(tmp_path).findings] == [(line, 5)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"x = 1\ny = '\xff'\n", "2: not valid utf-8: byte 0xff"),
        (b"# coding: ascii\nx = '\xc3\xa9'\n", "2: not valid ascii: byte 0xc3"),
        (b"x = 1\ny = '\0'\n", "2: source contains a NUL byte"),
        ("x = 1\n".encode("utf-16"), "1: source contains a NUL byte"),
        (b"# coding: klingon\n", "1: unknown encoding: klingon"),
        (b"# coding: hex\n", "1: hex is no encoding of text"),
        (b"# coding: undefined\n", "-: not valid undefined"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "1: the byte order mark says UTF-8, the coding cookie something else"),
    ],
)
def test_bytes_that_are_no_source(tmp_path: Path, content: bytes, expected: str) -> None:
    assert reason(tmp_path, content) == expected


# ------------------------------------------------------------------------------------------------------------------------ size

DEEP = 2000
NESTED = {
    "parentheses": f"x = {'(' * DEEP}1{')' * DEEP}",
    "lists": f"x = {'[' * DEEP}{']' * DEEP}",
    "calls": f"x = {'f(' * DEEP}{')' * DEEP}",
    "blocks": "".join(f"{' ' * level}if x:\n" for level in range(200)) + " " * 200 + "pass",
    "attributes": f"async def f(a):\n    a{'.a' * DEEP}",
    "attribute_calls": f"async def f(a):\n    a{'.a()' * DEEP}",
    "subscripts": f"async def f(a):\n    a{'[0]' * DEEP}",
    "operators": f"async def f(a):\n    a{' + a' * DEEP}",
    "many_operators": f"x = 1{' + 1' * 20_000}",
    "unary": f"x = {'-' * DEEP}1",
    "not": f"x = {'not ' * DEEP}1",
    "lambdas": f"x = {'lambda: ' * DEEP}1",
    "conditionals": f"x = {'1 if a else ' * DEEP}1",
    "f_strings": "x = " + "f'{" * DEEP + "1" + "}'" * DEEP,
    "elif": "async def f(x):\n    if x:\n        pass\n" + "    elif x:\n        y = open('x')\n" * 3000,
    "assignments": f"{'x = ' * DEEP}1",
    "decorators": "@x\n" * DEEP + "def f(): pass",
    "aliases": "x0 = open\n" + "".join(f"x{n + 1} = x{n}\n" for n in range(DEEP)) + f"async def f():\n    x{DEEP}('x')\n",
    "returns": "def f0():\n    return open('x')\n"
    + "".join(f"def f{n + 1}():\n    return f{n}()\n" for n in range(DEEP))
    + f"async def f():\n    f{DEEP}().read()\n",
}


@pytest.mark.parametrize("name", NESTED)
def test_deep_nesting(tmp_path: Path, name: str) -> None:
    said = reason(tmp_path, f"{NESTED[name]}\n")
    assert said == "" or "nested too deeply" in said or "syntax error: too many " in said


def test_nesting_as_deep_as_python_compiles(tmp_path: Path) -> None:
    blocks = "".join(f"{' ' * level}while x:\n" for level in range(1, 95))
    sources = {
        "blocks.py": f"async def f(x):\n{blocks}{' ' * 95}open('x')\n",
        "functions.py": "".join(f"{' ' * level}async def f():\n" for level in range(95)) + " " * 95 + "open('x')\n",
        "parentheses.py": f"async def f(x):\n    x = {'(' * 90}open('x'){')' * 90}\n",
        "calls.py": f"async def f(x):\n    x = {'str(' * 90}open('x'){')' * 90}\n",
        "comprehensions.py": f"async def f(x):\n    x = {'[open(a) for a in ' * 40}x{']' * 40}\n",
        "cycle.py": "class A(B): pass\nclass B(A): pass\nasync def f(a: A):\n    a.x.y()\n    open('x')\n",
    }
    write(tmp_path, sources)
    report = checked(tmp_path)
    assert report.not_analysed == ()
    assert {finding.path for finding in report.findings} == set(sources)


@pytest.mark.parametrize(
    "source",
    [
        f"from pathlib import Path\nasync def f():\n    x = Path('a'){' / str()' * DEEP}\n    x.read_text()\n",
        "class C0: pass\n"
        + "".join(f"class C{n + 1}(C{n}): pass\n" for n in range(3000))
        + "async def f():\n    C3000().foo()\n",
    ],
    ids=["typed operators", "bases"],
)
def test_types_as_deep_as_that(tmp_path: Path, source: str) -> None:
    said = reason(tmp_path, source)
    assert said == "" or "nested too deeply" in said


def test_a_huge_expression(tmp_path: Path) -> None:
    write(tmp_path, {"list.py": f"x = [{', '.join(['1'] * 100_000)}]\n{SLEEPS}", "line.py": f"x = '{'a' * 5_000_000}'\n{SLEEPS}"})
    assert [(finding.path, finding.span.line) for finding in checked(tmp_path).findings] == [("line.py", 5), ("list.py", 5)]


def test_a_hundred_thousand_lines(tmp_path: Path) -> None:
    body = "    with open(path) as h:\n        x = h.read()\n    y = [a for a in x]\n    if y:\n        g(y)\n    return x\n\n"
    function = "async def f{n}(path):\n" + body
    text = "import time\n" + "".join(function.format(n=n) for n in range(12_500))
    assert text.count("\n") > 100_000
    write(tmp_path, {"long.py": text})
    assert checked(tmp_path).by_code == {"NSI102": 12_500}


# ----------------------------------------------------------------------------------------------------------------- file systems


def test_links_folders_pipes_and_sockets(tmp_path: Path) -> None:
    write(tmp_path, {"rest.py": SLEEPS, "dir.py/inner.py": SLEEPS, "sub/x.py": SLEEPS})
    (tmp_path / "dangling.py").symlink_to("nowhere")
    (tmp_path / "loop1.py").symlink_to("loop2.py")
    (tmp_path / "loop2.py").symlink_to("loop1.py")
    (tmp_path / "sub/up").symlink_to("..")
    (tmp_path / "self").symlink_to(".")
    (tmp_path / "linked.py").symlink_to("rest.py")
    (tmp_path / "linkdir.py").symlink_to("dir.py")
    os.mkfifo(tmp_path / "fifo.py")
    folder = os.open(tmp_path, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"/proc/self/fd/{folder}/socket.py")  # the whole path may be longer than a socket's name can be
    os.close(folder)
    code, document = check(tmp_path)
    assert code == 2
    assert [item["path"] for item in document["findings"]] == ["dir.py/inner.py", "linked.py", "rest.py", "sub/x.py"]
    assert [(item["path"], item["line"], item["reason"]) for item in document["not_analysed"]] == [
        ("dangling.py", None, "a link that leads nowhere"),
        ("fifo.py", None, "not a regular file"),
        ("loop1.py", None, "cannot be read: Too many levels of symbolic links"),
        ("loop2.py", None, "cannot be read: Too many levels of symbolic links"),
        ("socket.py", None, "not a regular file"),
    ]
    assert codes(tmp_path, "dir.py") == codes(tmp_path, "linkdir.py") == ["NSI101"]
    for name in ("dangling.py", "loop1.py", "fifo.py", "socket.py"):
        assert nosyncio(tmp_path, "check", name).code == 2


def test_an_imported_folder_named_like_a_module(tmp_path: Path) -> None:
    write(
        tmp_path, {"box.py/inner.py": "", "a.py": "import box\nfrom box import nap\nasync def f():\n    nap()\n    open('x')\n"}
    )
    assert [finding.code for finding in checked(tmp_path).findings] == ["NSI102"]


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"rest.py": SLEEPS, "secret.py": SLEEPS, "gone.py": SLEEPS, "shut/a.py": SLEEPS})
    real_open, real_scandir = open, os.scandir

    def refusing_open(path: str, mode: str) -> object:
        if path.endswith("secret.py"):
            raise PermissionError(13, "Permission denied")
        return real_open(path, mode)

    def refusing_scandir(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real_scandir(path)

    def vanishing(root: Path, targets: list[Path], config: Config) -> object:
        found = discovery.find_files(root, targets, config)
        (tmp_path / "gone.py").unlink()
        return found

    monkeypatch.setattr(project, "open", refusing_open, raising=False)
    monkeypatch.setattr(os, "scandir", refusing_scandir)
    monkeypatch.setattr(sources, "find_files", vanishing)
    report = checked(tmp_path)
    assert [finding.path for finding in report.findings] == ["rest.py"]
    assert [(item.path, item.reason) for item in report.not_analysed] == [
        ("gone.py", "the file is gone"),
        ("secret.py", "cannot be read: Permission denied"),
        ("shut", "cannot be read: Permission denied"),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_without_permission(tmp_path: Path) -> None:
    write(tmp_path, {"rest.py": SLEEPS, "secret.py": SLEEPS})
    (tmp_path / "secret.py").chmod(0)
    assert nosyncio(tmp_path, "check").code == 2


@pytest.mark.parametrize("form", ["text", "concise", "json"])  # the others: test_formats_hostile.py
def test_file_names(tmp_path: Path, form: str) -> None:
    names = [b"with space.py", "漢字é.py".encode(), b"und\xff.py", b"new\nline.py", b"-dash.py", b"#.py", b"1.2.py", b".py"]
    for name in names:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(SLEEPS)
    done = nosyncio(tmp_path, "check", "--output-format", form)
    assert (done.code, done.err) == (1, "")
    assert done.out.count("NSI101") >= len(names)


def test_a_worker_that_dies_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {f"m{number}.py": "" for number in range(160)})
    monkeypatch.setattr(project, "facts_of", _die)
    with pytest.raises(tree.WorkerDied, match="--jobs 1"):
        checked(tmp_path, jobs=2)


def _die(_: bytes) -> None:
    os._exit(9)


def test_workers_send_back_everything_that_files_hold(tmp_path: Path) -> None:
    odd = {f"deep_{name}.py": f"{text}\n" for name, text in NESTED.items()}
    odd |= {"numbers.py": f"async def f(x):\n    x(0x{'f' * 4000}, 1e999)\n", "text.py": "async def f(x):\n    x('\\ud800')\n"}
    write(tmp_path, {**odd, "nul.py": "\0", **{f"m{number}.py": SLEEPS for number in range(150)}})
    alone, together = checked(tmp_path), checked(tmp_path, jobs=2)
    assert together == alone
    assert together.by_code["NSI101"] == 150


@pytest.mark.parametrize(("arguments", "code"), [(["--select", "NSI1"], 2), (["--ignore", "NSI902"], 0)])
def test_only_ignoring_hides_that_a_file_was_not_analysed(tmp_path: Path, arguments: list[str], code: int) -> None:
    write(tmp_path, {"a.py": "def (\n"})
    assert nosyncio(tmp_path, "check", "--isolated", *arguments).code == code


def test_the_way_to_a_file_may_lead_back_into_the_root(tmp_path: Path) -> None:
    write(tmp_path, {"app/pyproject.toml": '[tool.nosyncio]\nexclude = ["/gone.py"]\n', "other.py": SLEEPS})
    write(tmp_path, {"app/a.py": SLEEPS, "app/gone.py": SLEEPS})
    assert [path for path, *_ in found(tmp_path / "app", "..")] == ["../other.py", "a.py"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_cannot_be_written(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "nosyncio", "check"], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (done.returncode, done.stderr) == (2, "nosyncio: standard output: cannot be written: No space left on device\n")
