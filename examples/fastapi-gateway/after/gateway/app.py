"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from gateway import health
from gateway.routes import chat, documents, graph
from gateway.services import Services
from gateway.settings import Settings


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with Services.open(Settings()) as services:
        app.state.services = services
        yield


def create_app() -> FastAPI:
    app = FastAPI(lifespan=lifespan)
    for module in (chat, documents, graph, health):
        app.include_router(module.router)
    return app
