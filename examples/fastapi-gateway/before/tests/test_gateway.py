"""The gateway as its clients see it."""

import time

import pytest

from tests.gateway_client import GatewayClient

pytestmark = pytest.mark.asyncio


async def test_everything_is_up(gateway: GatewayClient) -> None:
    for _ in range(30):
        if all(gateway.health().values()):  # expect: NSI306
            break
        time.sleep(1)  # expect: NSI101
    else:
        pytest.fail("not up after 30 seconds")


async def test_a_conversation_is_remembered(gateway: GatewayClient) -> None:
    gateway.ask("memory", "The code word is larch.")  # expect: NSI306
    assert "larch" in gateway.ask("memory", "What is the code word?")  # expect: NSI306
