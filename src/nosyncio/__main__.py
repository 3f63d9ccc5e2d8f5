"""`python -m nosyncio`."""

from __future__ import annotations

from nosyncio.frontends.cli import main

if __name__ == "__main__":
    main()
