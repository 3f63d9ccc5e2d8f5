"""Who may use the service."""

import hmac
import time
from collections import Counter


class AuthManager:
    def __init__(self, keys: dict[str, str], penalty: float = 0.5) -> None:
        self._keys = keys
        self._penalty = penalty
        self._failures: Counter[str] = Counter()

    def authenticate(self, user: str, key: str) -> bool:
        """Whether the key is the user's. Each failure makes the next answer slower."""
        if hmac.compare_digest(self._keys.get(user, "").encode(), key.encode()):
            self._failures.pop(user, None)
            return True
        self._failures[user] += 1
        time.sleep(self._penalty * self._failures[user])  # expect: NSI201
        return False
