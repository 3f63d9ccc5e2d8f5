"""The command line."""

import asyncio
import os

import httpx
import typer

from podcasts.cache import ExtractionCache, TranscriptCache
from podcasts.extraction import ExtractionEngine
from podcasts.language_model import LanguageModel
from podcasts.transcripts import TranscriptManager

app = typer.Typer()

MODEL_URL = os.environ.get("PODCASTS_MODEL_URL", "http://localhost:8080/complete")


async def process_episode(transcript_url: str) -> dict[str, str]:
    async with httpx.AsyncClient() as http:
        transcript = await TranscriptManager(http).transcript(transcript_url)
        return await ExtractionEngine(LanguageModel(http, MODEL_URL)).extract_all(transcript)


@app.command()
def process(transcript_url: str) -> None:
    """Extract notes from the transcript of an episode."""
    for name, answer in asyncio.run(process_episode(transcript_url)).items():
        typer.echo(f"## {name}\n\n{answer}\n")


@app.command()
def cache_size() -> None:
    """Say how much the caches take."""
    for cache in (TranscriptCache(), ExtractionCache()):
        typer.echo(f"{cache.cache_dir}: {asyncio.run(cache.size())} bytes")


@app.command()
def clear_cache() -> None:
    """Empty the caches."""
    for cache in (TranscriptCache(), ExtractionCache()):
        typer.echo(f"{cache.cache_dir}: {asyncio.run(cache.clear())} entries removed")
