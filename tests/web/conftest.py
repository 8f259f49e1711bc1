from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from connectors.gateway import application
from connectors.intake import Gateway
from tests.web.serving import Assistant, open_gateway, serving


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    opened = open_gateway(tmp_path, allowed_origins=["https://park.example"])
    yield opened
    opened.databases.dispose()


@pytest.fixture
def assistant(gateway: Gateway) -> Assistant:
    return Assistant(gateway)


@pytest.fixture
async def visitor(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a session."""
    transport = httpx.ASGITransport(application(gateway))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.example") as client:
        yield client


@pytest.fixture
async def client(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client in a session."""
    answer = await visitor.post("/chat/session")
    visitor.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return visitor


@pytest.fixture
def address(gateway: Gateway) -> Iterator[str]:
    with serving(application(gateway)) as url:
        yield url
