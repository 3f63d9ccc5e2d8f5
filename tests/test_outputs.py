"""`--output-format FORMAT[:FILE]` and `--output-file FILE`: where reports go, and what is wrong with where they should."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from commands import SLEEPS, nosyncio, write
from nosyncio.config import ConfigError
from nosyncio.frontends.outputs import Output, outputs
from nosyncio.report import FORMATS


def test_several_formats_in_one_run(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS, "out/old.json": "old"})
    arguments = ["--output-format", "sarif:out/a b.sarif", "--output-format", "concise", "--output-format=json:out/old.json"]
    done = nosyncio(tmp_path, "check", *arguments)
    assert (done.code, done.err) == (1, "")
    assert done.out == "a.py:4:5: NSI101 `time.sleep` blocks the event loop in 'main'; use `asyncio.sleep`\n"
    assert json.loads((tmp_path / "out/a b.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((tmp_path / "out/old.json").read_text())["findings"][0]["code"] == "NSI101"
    assert sorted(os.listdir(tmp_path / "out")) == ["a b.sarif", "old.json"], "nothing else is left there"


def test_output_file_is_for_the_format_without_a_file(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    done = nosyncio(tmp_path, "check", "--output-file", "a.txt", "--output-format", "gitlab:a.json", "--output-format", "text")
    assert done == (1, "", "")
    assert "1 finding in 1 file" in (tmp_path / "a.txt").read_text()
    assert len(json.loads((tmp_path / "a.json").read_text())) == 1
    assert nosyncio(tmp_path, "check", "--output-file", "a.txt", "--select", "NSI2") == (0, "", "")
    assert (tmp_path / "a.txt").read_text() == "no sync I/O found in 1 file\n"


@pytest.mark.parametrize(
    ("formats", "file", "wanted"),
    [
        ([], None, [("text", None)]),
        ([], "a", [("text", "a")]),
        (["json"], None, [("json", None)]),
        (["json"], "a", [("json", "a")]),
        (["json:a", "sarif"], "b", [("json", "a"), ("sarif", "b")]),
        (["text", "json:a:b"], None, [("text", None), ("json", "a:b")]),
        (["sarif:C:\\x"], None, [("sarif", "C:\\x")]),
        (["text:a", "text:b"], None, [("text", "a"), ("text", "b")]),
    ],
)
def test_what_is_asked_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    formats: list[str],
    file: str | None,
    wanted: list[tuple[str, str | None]],
) -> None:
    monkeypatch.chdir(tmp_path)
    found = outputs(formats, None if file is None else Path(file), FORMATS)
    assert found == [Output(form, None if place is None else Path(place)) for form, place in wanted]


@pytest.mark.parametrize(
    ("formats", "file", "problem"),
    [
        (["sarf"], None, "no format 'sarf'; did you mean 'sarif'?"),
        (["xyzzy"], None, "no format 'xyzzy'; there are text, concise, json, github, gitlab, sarif, junit"),
        (["SARIF:x"], None, "no format 'SARIF'"),
        ([""], None, "no format ''"),
        (["json:"], None, "'json:' names no file"),
        (["json", "sarif"], None, "only one of json and sarif may go to standard output; the others want a file: json:FILE"),
        (["json", "sarif"], "a", "only one of json and sarif"),
        (["json:b"], "a", "--output-file: each format has a file of its own already"),
        (["json:a", "sarif:./a"], None, "a: two formats would be written to this file"),
        (["json:a", "sarif:link"], None, "link: two formats would be written to this file"),
        (["json:folder"], None, "folder: is a folder"),
        (["json:missing/a"], None, "missing/a: no such folder: missing"),
        (["json:file/a"], None, "file/a: no such folder: file"),
        ([f"json:{'a' * 300}"], None, "cannot be written: File name too long"),
        (["json:loop"], None, "loop: a link that leads to itself"),
    ],
)
def test_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, formats: list[str], file: str | None, problem: str
) -> None:
    write(tmp_path, {"folder/x": "", "file": "", "a": ""})
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path)
    with pytest.raises((click.UsageError, ConfigError)) as raised:
        outputs(formats, None if file is None else Path(file), FORMATS)
    assert problem in str(raised.value)


def test_a_mistake_is_said_before_anything_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    done = nosyncio(tmp_path, "check", "--output-format", "json:a.json", "--output-format", "sarif:no/a.sarif")
    assert done == (2, "", "nosyncio: no/a.sarif: no such folder: no\n")
    assert os.listdir(tmp_path) == ["a.py"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    done = nosyncio(tmp_path, "check", "--output-format", "json:shut/a")
    assert done == (2, "", "nosyncio: shut/a: cannot be written: no permission\n")


def test_what_cannot_be_written_is_said_and_the_rest_is_written(tmp_path: Path) -> None:
    """With a limit on the size of files, as on a disk that is full."""
    write(tmp_path, {"a.py": SLEEPS, "old.sarif": "old"})
    outs = ["sarif:old.sarif", "sarif:new.sarif", "gitlab:a.json", "concise"]
    flags = " ".join(f"--output-format {out}" for out in outs)
    command = f"ulimit -f 8; exec {sys.executable} -m nosyncio check --no-cache {flags}"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:18]) == (2, "a.py:4:5: NSI101 `")
    said = [f"{name}.sarif: cannot be written: File too large" for name in ("old", "new")]
    assert done.stderr == f"nosyncio: {said[0]}; {said[1]}\n"
    assert sorted(os.listdir(tmp_path)) == ["a.json", "a.py", "old.sarif"]
    assert (tmp_path / "old.sarif").read_text() == "old"
    assert len(json.loads((tmp_path / "a.json").read_text())) == 1


def test_a_file_is_replaced_whole_and_keeps_its_mode_and_its_links(tmp_path: Path) -> None:
    write(tmp_path, {"real/a.json": "old"})
    (tmp_path / "real/a.json").chmod(0o640)
    (tmp_path / "link.json").symlink_to("real/a.json")
    with (tmp_path / "real/a.json").open() as reader:
        Output("json", tmp_path / "link.json").write("new")
        assert reader.read() == "old", "who reads the old one goes on reading it"
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real/a.json").read_text() == "new"
    assert (tmp_path / "real/a.json").stat().st_mode & 0o777 == 0o640


def test_a_new_file_may_be_read_as_others_are(tmp_path: Path) -> None:
    (tmp_path / "like").write_text("")
    Output("json", tmp_path / "new").write("x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "like").stat().st_mode


def test_pipes_and_devices_are_written_to(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE, text=True) as reader:
        assert nosyncio(tmp_path, "check", "--output-format", "concise:pipe").code == 1
        assert "NSI101" in reader.communicate()[0]


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="a name for standard output that Unix has")
def test_standard_output_by_its_name(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    assert nosyncio(tmp_path, "check", "--output-format", "concise:/dev/stdout").out.startswith("a.py:4:5: NSI101 ")


def test_files_have_no_colour_and_are_utf_8(tmp_path: Path) -> None:
    write(tmp_path, {"漢.py": SLEEPS})
    code = "import click; from nosyncio.frontends import cli; click.utils.should_strip_ansi = lambda *a: False; cli.main()"
    command = [sys.executable, "-c", code, "check", "--output-format", "text", "--output-format", "concise:a.txt"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    assert b"\x1b[" in done.stdout, "where there is colour"
    assert (tmp_path / "a.txt").read_text(encoding="utf-8").startswith("漢.py:4:5: NSI101 ")


@pytest.mark.parametrize("form", ["json", "github", "gitlab", "sarif", "junit"])
def test_formats_for_programs_are_utf_8_wherever_they_go(tmp_path: Path, form: str) -> None:
    write(tmp_path, {"a.py": "class Zählung:\n    async def f(self): open('x')\n"})
    command = [sys.executable, "-m", "nosyncio", "check", "--output-format", form]
    env = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, env=env)
    assert "Zählung" in done.stdout.decode("utf-8")


def test_statistics_beside_formats_that_have_no_place_for_them(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    to_files = ["--output-format", "sarif:a.sarif", "--output-format"]
    assert "call sites" in nosyncio(tmp_path, "check", "--statistics", *to_files, "github").err
    done = nosyncio(tmp_path, "check", "--statistics", *to_files, "json:a.json")
    assert (done.out, done.err) == ("", "")
    assert "statistics" in json.loads((tmp_path / "a.json").read_text())


def test_nothing_changes_by_itself_on_a_ci_system(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": SLEEPS})
    assert nosyncio(tmp_path, "check", GITHUB_ACTIONS="true", CI="true", GITLAB_CI="true") == nosyncio(tmp_path, "check")
