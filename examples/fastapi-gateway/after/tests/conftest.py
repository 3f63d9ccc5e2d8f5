"""Fixtures."""

import os
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from tests.gateway_client import GatewayClient


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[GatewayClient]:
    url = os.environ.get("GATEWAY_URL", "http://localhost:8000")
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        yield GatewayClient(client)
