"""Fixtures."""

import pytest

from tests.gateway_client import GatewayClient


@pytest.fixture
def gateway() -> GatewayClient:
    return GatewayClient()
