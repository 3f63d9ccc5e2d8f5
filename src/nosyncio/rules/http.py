from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class Http(KindRule):
    """Asking an HTTP server blocks the event loop.

    ## What it does
    Reports requests through `requests`, the synchronous parts of `httpx` and `httpx2`, `urllib.request`, `urllib3`, `http.client`
    and `httplib2`, and reading a body that is still being streamed.

    ## Why is this bad
    The thread waits for name lookup, connection, TLS handshake, and as long as the server takes to answer. `requests` and
    `urlopen` wait without limit unless they are given a `timeout`, so one server that accepts a connection and stays silent stops
    the loop.

    ## Example
    ```python
    import requests

    async def fetch(url: str) -> str:
        return requests.get(url, timeout=10).text  # expect: NSI106
    ```

    ## Use instead
    ```python
    import httpx

    async def fetch(url: str) -> str:
        async with httpx.AsyncClient(timeout=10) as client:
            response = await client.get(url)
        return response.text
    ```
    `httpx.AsyncClient` runs under asyncio, anyio and trio; `aiohttp.ClientSession` under asyncio only.

    ## What it does not see
    A session or client whose type is not known. Libraries of your own choice that send requests and are not in the catalogue:
    declare them in `[[tool.nosyncio.blocking]]`. `urlopen("data:...")` and a response whose body is in memory already do not
    wait.
    """

    kind = Kind.HTTP
    noun = "asking an HTTP server"
