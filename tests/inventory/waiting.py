"""Patterns of waiting, and of all that is no file. `# pattern: NAME` marks each operation."""

import importlib
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable

import boto3
import requests


def handler_in_a_loop(call: Callable[[], int]) -> int:
    for attempt in range(5):
        try:
            return call()
        except OSError:
            time.sleep(2**attempt)  # pattern: retry-sleep
    raise ConnectionError


def behind_the_try(call: Callable[[], int]) -> int:
    while True:
        try:
            answer = call()
            break
        except OSError:
            print("again")
        time.sleep(1)  # pattern: retry-sleep
    return answer


def handler_that_goes_on(calls: list[Callable[[], int]]) -> None:
    for call in calls:
        try:
            call()
        except OSError:
            time.sleep(5)  # pattern: retry-sleep


def handler_outside_of_loops(call: Callable[[], int]) -> None:
    try:
        call()
    except OSError:
        time.sleep(1)  # pattern: pause


def polling(event: threading.Event) -> None:
    while not event.is_set():
        time.sleep(0.1)  # pattern: polling-sleep


def polling_that_minds_errors(work: Callable[[], int]) -> None:
    while True:
        try:
            work()
        except OSError:
            print("failed")
        time.sleep(60)  # pattern: polling-sleep


def polling_in_a_handler(call: Callable[[], int], is_up: Callable[[], bool]) -> None:
    try:
        call()
    except OSError:
        while not is_up():
            time.sleep(1)  # pattern: polling-sleep


def pacing(items: list[int]) -> None:
    for item in items:
        print(item)
        time.sleep(0.1)  # pattern: loop-sleep


def after_the_loop(items: list[int]) -> None:
    for item in items:
        print(item)
    time.sleep(1)  # pattern: pause


def function_in_a_loop(items: list[int]) -> list[Callable[[], None]]:
    found = []
    for _ in items:

        def wait() -> None:
            time.sleep(1)  # pattern: pause

        found.append(wait)
    return found


def yielding() -> None:
    time.sleep(0)


def others(lock: threading.Lock, event: threading.Event, name: str) -> None:
    requests.get("https://example.org", timeout=1)  # pattern: http-call
    with sqlite3.connect("a.db") as database:  # pattern: query
        database.execute("select 1").fetchall()  # pattern: query
    subprocess.run(["ls"], check=True)  # pattern: subprocess-run
    socket.getaddrinfo("example.org", 80)  # pattern: socket-io
    event.wait()  # pattern: thread-wait
    boto3.client("s3")  # pattern: service-call
    input("name? ")  # pattern: prompt
    importlib.import_module(name)  # pattern: import


def hashed(password: bytes) -> bytes:
    import hashlib

    return hashlib.pbkdf2_hmac("sha256", password, b"salt", 100_000)  # pattern: computing
