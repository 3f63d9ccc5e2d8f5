"""What the project's configuration declares: a sync call and its twin."""

import acme.client


def fetch() -> None:
    acme.client.fetch()  # pattern: own


async def fetch_async() -> None:
    await acme.client.fetch_async()  # async: acme.client.fetch_async


async def query(given: acme.client.AsyncStore) -> None:
    await given.query("one")  # async: acme.client.AsyncStore.query
    made = acme.client.AsyncStore()
    await made.query("two")  # async: acme.client.AsyncStore.query
    async with acme.client.AsyncStore() as entered:
        await entered.query("three")  # async: acme.client.AsyncStore.query
    await made.close()
