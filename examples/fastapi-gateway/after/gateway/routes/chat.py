"""Questions and answers."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from gateway.dependencies import Agents, Sessions, limit_rate

router = APIRouter(prefix="/chat", dependencies=[Depends(limit_rate)])


class Question(BaseModel):
    text: str


class Answer(BaseModel):
    text: str


@router.post("/{session_id}")
async def ask(session_id: str, question: Question, sessions: Sessions, team: Agents) -> Answer:
    history = await sessions.history(session_id)
    answer = await team.answer(question.text, history)
    await sessions.append(session_id, question.text, answer)
    return Answer(text=answer)


@router.post("/{session_id}/stream")
async def stream(session_id: str, question: Question, sessions: Sessions, team: Agents) -> StreamingResponse:
    async def parts() -> AsyncIterator[str]:
        history = await sessions.history(session_id)
        async for part in team.stream(question.text, history):
            yield part

    return StreamingResponse(parts(), media_type="text/plain")
