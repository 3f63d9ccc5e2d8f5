"""Remove all conversations: python -m scripts.forget_sessions"""

import asyncio

from gateway.dependencies import get_redis


async def forget() -> int:
    client = get_redis()
    removed = 0
    for key in client.scan_iter("session:*"):  # expect: NSI108
        removed += client.delete(key)  # expect: NSI108
    return removed


if __name__ == "__main__":
    print(asyncio.run(forget()), "conversations removed")
