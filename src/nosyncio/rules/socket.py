from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class Socket(KindRule):
    """Waiting for a socket or a name lookup blocks the event loop.

    ## What it does
    Reports name lookups (`socket.getaddrinfo`, `gethostbyname`), `connect`, `recv` and `send` of sockets and TLS sockets,
    `select.select`, and the clients on top of them: `smtplib`, `imaplib`, `poplib`, `ftplib`, paramiko, Django's mail functions.

    ## Why is this bad
    The other end decides how long it takes. A name lookup cannot even be given a timeout: by the defaults of resolv.conf(5) each
    name server is asked twice, for five seconds each time. The lookup is easily forgotten, since every call with a host name
    makes one.

    ## Example
    ```python
    import socket

    async def resolves(host: str) -> bool:
        try:
            return bool(socket.getaddrinfo(host, 443))  # expect: NSI110
        except socket.gaierror:
            return False
    ```

    ## Use instead
    ```python
    import asyncio
    import socket

    async def resolves(host: str) -> bool:
        try:
            return bool(await asyncio.get_running_loop().getaddrinfo(host, 443))
        except socket.gaierror:
            return False
    ```
    Also `anyio.getaddrinfo` and `trio.socket.getaddrinfo`. For connections there are `asyncio.open_connection`,
    `anyio.connect_tcp` and `trio.open_tcp_stream`, for mail `aiosmtplib`, for SSH `asyncssh`.

    ## What it does not see
    That a socket was made non-blocking: its calls are reported after `setblocking(False)`, too. Sockets whose type is not known.
    `select` with a timeout of 0 and `smtplib.SMTP()` without a host do not wait and are not reported.
    """

    kind = Kind.SOCKET
    noun = "waiting for a socket or a name lookup"
