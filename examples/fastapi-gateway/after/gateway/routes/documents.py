"""Documents that answers are drawn from."""

from fastapi import APIRouter
from pydantic import BaseModel

from gateway.dependencies import Documents

router = APIRouter(prefix="/documents")


class Document(BaseModel):
    title: str
    text: str


@router.get("/")
async def titles(documents: Documents) -> list[str]:
    return await documents.titles()


@router.post("/", status_code=201)
async def add(document: Document, documents: Documents) -> int:
    return await documents.add(document.title, document.text)
