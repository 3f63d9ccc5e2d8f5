"""The gateway as its clients see it."""

import asyncio

import pytest

from tests.gateway_client import GatewayClient

pytestmark = pytest.mark.asyncio


async def test_everything_is_up(gateway: GatewayClient) -> None:
    for _ in range(30):
        if all((await gateway.health()).values()):
            break
        await asyncio.sleep(1)
    else:
        pytest.fail("not up after 30 seconds")


async def test_a_conversation_is_remembered(gateway: GatewayClient) -> None:
    await gateway.ask("memory", "The code word is larch.")
    assert "larch" in await gateway.ask("memory", "What is the code word?")
