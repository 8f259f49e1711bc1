"""Rasa's Agent inside a turn: replies are collected, events go to the turn, actions run in this process."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config
from rasa_sdk.executor import ActionExecutor

from bot.conversations.tracker_store import LaneTrackerStore
from bot.conversations.turn import Turn, current_turn
from bot.metrics import TURN_STAGE_SECONDS

INTENT_PREFIX = "/"
FULL_WIDTH_SLASH = "\uff0f"


class TurnChannel(OutputChannel):
    """Keeps what the assistant says until the turn commits."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn

    def name(self) -> str:  # an instance of Rasa's class may have a name of its own
        return self.turn.channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        said = {key: message[key] for key in ("text", "buttons", "custom") if message.get(key)}
        if said:
            self.turn.replies.append(said)


class ActionsHere(EndpointConfig):
    """An action endpoint without a server: what Rasa would post to one is run by rasa_sdk's executor at once."""

    def __init__(self, package: str) -> None:
        super().__init__()
        self.executor = ActionExecutor()
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            importlib.import_module(module.name)
        self.executor.register_package(package)

    async def request(self, *, json: dict[str, Any], **_: Any) -> Any:
        try:
            with TURN_STAGE_SECONDS.labels(stage="act").time():
                return await self.executor.run(json)
        except Exception as error:
            # Rasa logs an action's exception and goes on as if it had said nothing; a turn must not.
            current_turn.get().failure = error
            raise


def action_endpoint(endpoints_file: Path) -> EndpointConfig:
    """The one of endpoints.yml when it names a url, else the actions in this process."""
    configured = read_endpoint_config(str(endpoints_file), "action_endpoint")
    return configured if configured and configured.url else ActionsHere("actions")


def load_agent(model: Path, endpoint: EndpointConfig) -> Agent:
    check_responses_with_a_compiled_schema()
    store = LaneTrackerStore()
    agent = Agent.load(str(model), tracker_store=store, action_endpoint=endpoint)
    # Rasa wraps the store in one that answers from memory when the database is down; a turn fails instead.
    agent.tracker_store = store
    agent.processor.tracker_store = store
    store.domain = agent.domain
    agent.processor.parse_message = _timed(agent.processor.parse_message)
    return agent


def _timed(understand: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def timed(*args: Any, **kwargs: Any) -> Any:
        with TURN_STAGE_SECONDS.labels(stage="understand").time():
            return await understand(*args, **kwargs)

    return timed


def check_responses_with_a_compiled_schema() -> None:
    """Rasa compiles the constant schema of an action's response for every action, the largest part of an action's time."""
    validator = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec())
    RemoteAction._validate_action_result = lambda _, result: validator.validate(result) is None


async def answer(agent: Agent, turn: Turn, kind: str, text: str, payload: dict[str, Any] | None) -> None:
    """Fills the turn's events, replies and rows, or raises."""
    token = current_turn.set(turn)
    try:
        await agent.processor.handle_message(_message(turn, kind, text, payload))
    finally:
        current_turn.reset(token)
    if turn.failure is not None:
        raise turn.failure
    for reply in turn.replies:
        reply["language"] = turn.language


def _message(turn: Turn, kind: str, text: str, payload: dict[str, Any] | None) -> UserMessage:
    message = partial(UserMessage, output_channel=TurnChannel(turn), sender_id=turn.lane_id, input_channel=turn.channel)
    if kind == "button" and payload is not None:
        return message(text=text, parse_data=parse_of_button(text, payload["payload"]))
    # Typed text never is an intent: Rasa would take a leading slash for one.
    if text.startswith(INTENT_PREFIX):
        text = FULL_WIDTH_SLASH + text[1:]
    return message(text=text)


def parse_of_button(title: str, payload: str) -> dict[str, Any]:
    """`/choose_entry{"entry": "policy.x"}` -> what the NLU pipeline would have found, with the button's title as the text."""
    intent, _, values = payload.removeprefix(INTENT_PREFIX).partition("{")
    found = json.loads("{" + values) if values else {}
    return {
        "text": title,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [],
        "entities": [{"entity": name, "value": value, "extractor": "button"} for name, value in found.items()],
    }
