"""A real browser, without a window. `REQUIRE_BROWSER=1`, which `.ci/run` sets, makes it a fault that there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from browsers import PROGRAMS, QUIET, Viewer, served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        reason = f"no browser is installed: none of {', '.join(PROGRAMS)}"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not work for root, which is who runs in containers; what is shown here is made here.
        opened = playwright.chromium.launch(executable_path=program, args=[*QUIET], chromium_sandbox=False)
        yield opened
        opened.close()


@pytest.fixture
def viewer(browser: Browser, tmp_path: Path) -> Iterator[Viewer]:
    with served(tmp_path) as site:
        yield Viewer(browser, site)
        for context in browser.contexts:
            context.close()
