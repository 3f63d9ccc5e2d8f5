"""What the project's configuration declares: a sync call and its twin."""

import acme.client


def fetch() -> None:
    acme.client.fetch()  # pattern: own


async def fetch_async() -> None:
    await acme.client.fetch_async()  # async: acme.client.fetch_async
