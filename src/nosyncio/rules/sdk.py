from __future__ import annotations

from nosyncio.model import Kind
from nosyncio.rules.base import KindRule


class Sdk(KindRule):
    """Calling an SDK's synchronous client blocks the event loop.

    ## What it does
    Reports calls of clients that wrap a service or a repository: boto3, `openai.OpenAI`, `anthropic.Anthropic`, `groq.Groq`,
    pygit2, GitPython, diskcache and others.

    ## Why is this bad
    The call looks like a method of an object and is a request, many pages of requests, or a run of `git`. The OpenAI and
    Anthropic clients wait up to ten minutes for an answer by default. `boto3.client(...)` itself reads the description of the
    service from disk.

    ## Example
    ```python
    from openai import OpenAI

    client = OpenAI()

    async def ask(model: str, question: str) -> str:
        answer = client.responses.create(model=model, input=question)  # expect: NSI113
        return answer.output_text
    ```

    ## Use instead
    ```python
    from openai import AsyncOpenAI

    client = AsyncOpenAI()

    async def ask(model: str, question: str) -> str:
        answer = await client.responses.create(model=model, input=question)
        return answer.output_text
    ```
    The same for `anthropic.AsyncAnthropic` and `groq.AsyncGroq`; `aioboto3` (asyncio only) stands in for boto3. pygit2, GitPython
    and diskcache have no twin: `asyncio.to_thread`, `anyio.to_thread.run_sync` or `trio.to_thread.run_sync`.

    ## What it does not see
    SDKs that are not in the catalogue, and clients that come from a function without annotations. Calls that only compute are not
    reported: `generate_presigned_url`, making an `OpenAI()`.
    """

    kind = Kind.SDK
    noun = "calling an SDK's synchronous client"
