"""Who is behind an e-mail address."""

import httpx


class PeopleDirectory:
    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client = client
        self._url = url
        self._names: dict[str, str] = {}

    async def name(self, email: str) -> str:
        if email not in self._names:
            response = await self._client.get(f"{self._url}/people", params={"email": email})
            self._names[email] = response.json()["name"] if response.is_success else email
        return self._names[email]
