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
    ops_port: int = Field(default=8001, description="/readyz and /metrics, on 127.0.0.1")
    host: str = Field(default="127.0.0.1", description="set it only behind a proxy that ends TLS")
    secret_key: SecretStr = Field(
        default=SecretStr(""), description="signs sessions and buttons; empty: made once in STATE_FOLDER"
    )
    rest_token: SecretStr = Field(
        default=SecretStr(""), description="asked of REST callers; may be empty only on loopback"
    )
    allowed_origins: list[str] = Field(default=[], description="pages that may embed the chat, as a JSON list")
    show_samples: bool = Field(default=True, description="false hides every sample entry and row")
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
