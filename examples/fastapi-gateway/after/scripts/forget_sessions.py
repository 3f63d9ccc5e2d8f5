"""Remove all conversations: python -m scripts.forget_sessions"""

import asyncio

from gateway.services import Services
from gateway.settings import Settings


async def forget() -> int:
    async with Services.open(Settings()) as services:
        return await services.sessions.forget()


if __name__ == "__main__":
    print(asyncio.run(forget()), "conversations removed")
