from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class Cpu(KindRule):
    """Computing something that is slow by design blocks the event loop.

    ## What it does
    Reports functions that are made to be expensive: `hashlib.pbkdf2_hmac`, `hashlib.scrypt`, `crypt.crypt`, `bcrypt.hashpw`,
    `bcrypt.checkpw`, `bcrypt.kdf`. Off by default: select it with `extend-select = ["NSI115"]`.

    ## Why is this bad
    Hashing a password has to cost an attacker time, and costs the server the same: with bcrypt's default of 12 rounds, or 600,000
    rounds of PBKDF2-HMAC-SHA256, some 200 milliseconds. Ten logins at once are two seconds in which nothing else is served.

    ## Example
    ```python
    import hashlib

    async def digest(password: bytes, salt: bytes) -> bytes:
        return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)  # expect: NSI115
    ```

    ## Use instead
    ```python
    import asyncio
    import hashlib

    async def digest(password: bytes, salt: bytes) -> bytes:
        return await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", password, salt, 600_000)
    ```
    Or `anyio.to_thread.run_sync`, or `trio.to_thread.run_sync`. A thread is enough: `hashlib` and `bcrypt` release the GIL while
    they compute.

    ## What it does not see
    Any other computation: a long loop, a sort, parsing a large document, a regular expression that backtracks. Password libraries
    that are not in the catalogue, such as argon2-cffi and passlib. How expensive it is: a low number of rounds is reported, too.
    """

    kind = Kind.CPU
    noun = "computing something that is slow by design"
    default = False
