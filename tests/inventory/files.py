"""Patterns of file access. `# pattern: NAME` marks each operation."""

import configparser
import csv
import glob
import gzip
import io
import json
import os
import pickle
import shutil
import tempfile
import tomllib
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import yaml

LOG = Path("journal")
STATE = Path("state.json")


def json_through_handle(path: str) -> object:
    with open(path) as file:  # pattern: json-load
        return json.load(file)


def json_through_text(path: Path) -> object:
    text = path.read_text()  # pattern: json-load
    return json.loads(text)


def json_through_read(path: str) -> object:
    with open(path, "rb") as file:  # pattern: json-load
        return json.loads(file.read().decode())


def json_line_by_line(path: str) -> list[object]:
    with open(path) as file:  # pattern: json-load
        return [json.loads(line) for line in file]


def json_dump(path: str, data: object) -> None:
    with open(path, "w") as file:  # pattern: json-save
        json.dump(data, file)


def json_dumps(path: Path, data: object) -> None:
    path.write_text(json.dumps(data) + "\n")  # pattern: json-save


def json_bytes(path: Path, data: object) -> None:
    encoded = json.dumps(data).encode()
    path.write_bytes(encoded)  # pattern: json-save


def json_from_one_to_another(source: str, target: str) -> None:
    with open(source) as file:  # pattern: json-load
        data = json.load(file)
    with open(target, "w") as file:  # pattern: json-save
        json.dump(data, file)


def json_that_goes_elsewhere(path: Path, data: object) -> str:
    path.write_text("done")  # pattern: text-write
    return json.dumps(data)


def json_of_a_temporary_folder(name: str) -> object:
    with tempfile.TemporaryDirectory() as folder:  # pattern: temporary-file
        return json.loads((Path(folder) / name).read_text())  # pattern: json-load


def yaml_and_others(folder: Path) -> list[object]:
    with open(folder / "a.yaml") as file:  # pattern: data-load
        found = [yaml.safe_load(file.read())]
    with (folder / "b.toml").open("rb") as file:  # pattern: data-load
        found.append(tomllib.load(file))
    with open(folder / "c.pickle", "rb") as file:  # pattern: data-load
        found.append(pickle.load(file))
    with open(folder / "d.csv") as file:  # pattern: data-load
        found += csv.reader(file)
    parser = configparser.ConfigParser()
    parser.read(folder / "e.ini")  # pattern: data-load
    return found


def data_out(folder: Path, rows: list[list[str]]) -> None:
    with open(folder / "d.csv", "w") as file:  # pattern: data-save
        csv.writer(file).writerows(rows)
    with open(folder / "c.pickle", "wb") as file:  # pattern: data-save
        pickle.dump(rows, file)
    (folder / "a.yaml").write_text(yaml.safe_dump(rows))  # pattern: data-save


def texts(path: Path) -> int:
    text = path.read_text()  # pattern: text-read
    with path.open() as file:  # pattern: text-read
        lines = file.readlines()
    with open(path, encoding="utf-8") as file:  # pattern: text-read
        for line in file:
            text += line
    with open(path, "w") as file:  # pattern: text-write
        file.write(text)
    with open(path, mode="x") as file:  # pattern: text-write
        file.writelines(lines)
    return path.write_text(text)  # pattern: text-write


def more(path: Path, line: str) -> None:
    with open(path, "a") as file:  # pattern: append
        file.write(line)
    with LOG.open("at") as file:  # pattern: append
        file.write(json.dumps({"line": line}))


def binaries(path: Path) -> None:
    data = path.read_bytes()  # pattern: binary-read
    with open(path, "rb") as file:  # pattern: binary-read
        data += file.read()
    with gzip.open(path, "wb") as file:  # pattern: binary-write
        file.write(data)
    path.write_bytes(data)  # pattern: binary-write


def a_mode_that_is_not_known(path: str, mode: str) -> None:
    with open(path, mode) as file:  # pattern: file-access
        file.read()
    with open(path, "r+") as file:  # pattern: file-access
        file.write(file.read())


def in_memory(data: bytes) -> object:
    return json.load(io.BytesIO(data))


def folders(folder: Path) -> None:
    for path in folder.rglob("*.py"):  # pattern: directory-walk
        print(path)
    print(os.listdir(folder), glob.glob("*"), *os.walk(folder))  # pattern: directory-walk 3
    print(entry_points())  # pattern: directory-walk
    with zipfile.ZipFile(folder / "all.zip") as archive:  # pattern: archive
        archive.extractall()
    shutil.unpack_archive("all.tar")  # pattern: archive


def changes(path: Path) -> None:
    if not path.exists():  # pattern: metadata-check
        path.parent.mkdir()  # pattern: file-change
    os.replace(path, "b")  # pattern: file-change
    shutil.copyfile("b", path)  # pattern: file-copy
    print(os.stat(path))  # pattern: metadata-check
    tempfile.mkstemp()  # pattern: temporary-file


class Settings:
    """One fixed file: what is read in the constructor is configuration."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values = self._load()
        self.notice = path.with_suffix(".txt").read_text()  # pattern: text-read

    def _load(self) -> dict[str, str]:
        with open(self.path) as file:  # pattern: config-load
            return json.load(file)

    def save(self) -> None:
        with open(self.path, "w") as file:  # pattern: json-save
            json.dump(self.values, file)


class Decisions:
    """The same, and read whenever it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "decisions.json"

    def all(self) -> dict[str, bool]:
        return json.loads(self.path.read_text())  # pattern: json-load

    def decide(self, what: str) -> None:
        decisions = self.all()
        decisions[what] = True
        self.path.write_text(json.dumps(decisions))  # pattern: json-save


class Cache:
    """A file for each key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> object:
        with open(self._file(key)) as file:  # pattern: cache-pair
            return json.load(file)

    def set(self, key: str, value: object) -> None:
        temporary = self._file(key).with_suffix(".tmp")
        with open(temporary, "w") as file:  # pattern: cache-pair
            json.dump(value, file)

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.json"


class Texts:
    """The same, without a helper and without JSON."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, key: str) -> str:
        return (self.folder / key).read_text()  # pattern: cache-pair

    def keep(self, key: str, text: str) -> None:
        (self.folder / key).write_text(text)  # pattern: cache-pair


class Editor:
    """One function that reads and writes by a name that it is given: no cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def edit(self, name: str) -> None:
        path = self.folder / name
        text = path.read_text()  # pattern: text-read
        path.write_text(text.upper())  # pattern: text-write


class ReadOnly:
    """Reads by key, but nothing writes there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.other = folder

    def load(self, key: str) -> str:
        return (self.folder / key).read_text()  # pattern: text-read

    def keep(self, key: str, text: str) -> None:
        (self.other / key).write_text(text)  # pattern: text-write


class History:
    """A list that only gets longer."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "history.json"

    def all(self) -> list[str]:
        try:
            with open(self.path) as file:  # pattern: history
                return json.load(file)
        except FileNotFoundError:
            return []

    def add(self, entry: str) -> None:
        entries = [*self.all(), entry]
        with open(self.path, "w") as file:  # pattern: history
            json.dump(entries, file)


def remember(event: str) -> None:
    """The same as functions of a module."""
    events = json.loads(STATE.read_text())  # pattern: history
    events.append(event)
    STATE.write_text(json.dumps(events))  # pattern: history


def module_level_by_key(folder: Path, key: str) -> str:
    return (folder / key).read_text()  # pattern: text-read


def module_level_by_key_out(folder: Path, key: str, text: str) -> None:
    (folder / key).write_text(text)  # pattern: text-write
