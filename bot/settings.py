"""Everything that differs from one place to another comes from the environment; `.env.example` lists it all."""

from __future__ import annotations

import os
import secrets
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseSettings, Field, SecretStr, root_validator

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROOT = Path(__file__).parent.parent


class Settings(BaseSettings):
    state_folder: Path = Field(default=ROOT / "var", description="SQLite files and the secret of the embedded default")
    models_folder: Path = Field(default=ROOT / "models", description="trained models")
    knowledge_folder: Path = Field(default=ROOT / "knowledge" / "content", description="what staff edit")
    conversations_database_url: str = Field(default="", description="empty: an SQLite file in STATE_FOLDER")
    services_database_url: str = Field(default="", description="empty: an SQLite file in STATE_FOLDER")
    credit_database_url: str = Field(default="", description="empty: an SQLite file in STATE_FOLDER")
    redis_url: SecretStr = Field(
        default=SecretStr(""), description="wakes other processes up; empty: one process, or slow polls"
    )
    worker_name: str = Field(
        default="", description="keeps its leases over a restart; empty: the machine's name and the process id"
    )
    port: int = Field(default=8000, description="chat page and channels, on 127.0.0.1")
    ops_port: int = Field(default=8001, description="/readyz and /metrics")
    ops_host: str = Field(
        default="127.0.0.1", description="where /readyz and /metrics listen; set it only inside a private network"
    )
    host: str = Field(default="127.0.0.1", description="set it only behind a proxy that ends TLS")
    secret_key: SecretStr = Field(
        default=SecretStr(""), description="signs sessions and buttons; empty: made once in STATE_FOLDER"
    )
    rest_token: SecretStr = Field(
        default=SecretStr(""), description="asked of REST callers; may be empty only on loopback"
    )
    allowed_origins: list[str] = Field(default=[], description="pages that may embed the chat, as a JSON list")
    trusted_proxies: list[str] = Field(
        default=[], description="addresses of proxies whose X-Forwarded-For is believed, as a JSON list"
    )
    limit_per_sender: str = Field(
        default="60/minute; 600/hour", description="messages of one sender; empty: no limit. A request for a person gets through"
    )
    limit_per_address: str = Field(default="600/minute", description="messages from one network address; empty: no limit")
    limit_of_sessions: str = Field(
        default="120/minute", description="new conversations from one network address; empty: no limit"
    )
    most_waiting_per_conversation: int = Field(default=20, description="messages not answered yet; beyond it 429")
    most_waiting: int = Field(default=5000, description="messages not answered yet, of all conversations; beyond it 503")
    most_streams: int = Field(default=6, description="open pages of one conversation, on one gateway; beyond it 429")
    show_samples: bool = Field(default=True, description="false hides every sample entry and row")
    keep_messages_days: int = Field(default=180, ge=1, description="what was said to and by the assistant")
    keep_events_days: int = Field(default=90, ge=1, description="what Rasa remembers of a conversation, turn by turn")
    keep_handoffs_days: int = Field(default=365, ge=1, description="what colleagues were told when they were asked for")
    keep_audit_days: int = Field(default=730, ge=1, description="looks at credit records, and grants that ended")
    heartbeat_seconds: int = Field(
        default=0, ge=0, description="how often the gateway asks the assistant a question of its own; 0: never"
    )
    fixed_today: date | None = Field(default=None, description="for tests: the day it is said to be")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")

    class Config:
        env_file = ROOT / ".env"
        frozen = True

    @root_validator(skip_on_failure=True)
    def _fill_in_the_embedded_default(cls, values: dict[str, object]) -> dict[str, object]:
        folder = values["state_folder"]
        for name in ("conversations", "services", "credit"):
            values[f"{name}_database_url"] = values[f"{name}_database_url"] or f"sqlite:///{folder}/{name}.db"
        return values

    @property
    def database_urls(self) -> dict[str, str]:
        return {
            "conversations": self.conversations_database_url,
            "services": self.services_database_url,
            "credit": self.credit_database_url,
        }

    def now(self) -> datetime:
        """The moment in Shanghai; with FIXED_TODAY the clock still runs, on that day."""
        now = datetime.now(SHANGHAI)
        if self.fixed_today is None:
            return now
        return now.replace(year=self.fixed_today.year, month=self.fixed_today.month, day=self.fixed_today.day)


def secret_of(settings: Settings) -> str:
    """SECRET_KEY, or the one made on first use in the embedded default, readable by its owner only."""
    if settings.secret_key.get_secret_value():
        return settings.secret_key.get_secret_value()
    path = settings.state_folder / "secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text()
