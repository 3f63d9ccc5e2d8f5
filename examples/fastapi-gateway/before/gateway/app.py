"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from fastapi import FastAPI

from gateway import health
from gateway.dependencies import get_settings
from gateway.routes import chat, documents, graph


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(get_settings().database_url) as pool:
        app.state.pool = pool
        yield


def create_app() -> FastAPI:
    app = FastAPI(lifespan=lifespan)
    for module in (chat, documents, graph, health):
        app.include_router(module.router)
    return app
