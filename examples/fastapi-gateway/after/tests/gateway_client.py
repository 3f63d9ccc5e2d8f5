"""A client for tests."""

import httpx


class GatewayClient:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(self, session_id: str, text: str) -> str:
        response = await self.client.post(f"/chat/{session_id}", json={"text": text})
        response.raise_for_status()
        return str(response.json()["text"])

    async def health(self) -> dict[str, bool]:
        checks: dict[str, bool] = (await self.client.get("/health")).json()
        return checks
