"""A client for tests."""

import os

import requests


class GatewayClient:
    def __init__(self) -> None:
        self.url = os.environ.get("GATEWAY_URL", "http://localhost:8000")
        self.session = requests.Session()

    def ask(self, session_id: str, text: str) -> str:
        response = self.session.post(f"{self.url}/chat/{session_id}", json={"text": text}, timeout=60)
        response.raise_for_status()
        return str(response.json()["text"])

    def health(self) -> dict[str, bool]:
        checks: dict[str, bool] = self.session.get(f"{self.url}/health", timeout=10).json()
        return checks
