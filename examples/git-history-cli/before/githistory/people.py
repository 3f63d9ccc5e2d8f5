"""Who is behind an e-mail address."""

import httpx


class PeopleDirectory:
    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=10)
        self._names: dict[str, str] = {}

    def name(self, email: str) -> str:
        if email not in self._names:
            response = self._client.get("/people", params={"email": email})
            self._names[email] = response.json()["name"] if response.is_success else email
        return self._names[email]
