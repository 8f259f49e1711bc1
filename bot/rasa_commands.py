"""Rasa's own command line (train, shell, data validate, test, run actions) on this project, without TensorFlow."""

from __future__ import annotations

import os
import sys

from bot import without_tensorflow


def rasa(arguments: list[str]) -> None:
    """Like `rasa ARGUMENTS`. Conversations of the shell and of tests are kept in memory, actions run in the same process."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    without_tensorflow.install()
    if "train" in arguments or "shell" in arguments or "test" in arguments or "validate" in arguments:
        arguments = _with_domain(arguments)
    _serve_actions_in_this_process()
    from rasa.__main__ import main

    sys.argv = ["rasa", *arguments]
    main()


def _with_domain(arguments: list[str]) -> list[str]:
    takes_domain = not {"shell", "nlu", "core"} & set(arguments)
    given = {"--domain", "-d"} & set(arguments)
    return [*arguments, "--domain", "bot/domain"] if takes_domain and not given else arguments


def _serve_actions_in_this_process() -> None:
    from rasa.core.utils import AvailableEndpoints

    from bot.conversations.rasa_agent import ActionsHere

    read = AvailableEndpoints.read_endpoints

    def read_endpoints(endpoint_file: str) -> AvailableEndpoints:
        endpoints = read(endpoint_file)
        endpoints.tracker_store = None
        endpoints.action = endpoints.action or ActionsHere("actions")
        return endpoints

    AvailableEndpoints.read_endpoints = read_endpoints
