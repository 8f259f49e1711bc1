from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.databases import open_engine, reading
from bot.migrations.run import run_migrations
from bot.services.sample_sheet import Park
from bot.services.seed import seed

NAMES = """
    caohejing 漕河泾园 xuhui, jinqiao 金桥园 pudong, jingan 静安园 jingan, qingpu 青浦园 qingpu, jiading 嘉定园 jiading,
    yangpu 杨浦园 yangpu, changning 长宁园 changning, xuhui 徐汇园 xuhui, hongkou 虹口园 hongkou, minhang 闵行园 minhang,
    songjiang 松江园 songjiang, putuo 普陀园 putuo, lujiazui 陆家嘴园 pudong, fengxian 奉贤园 fengxian,
    jinshan 金山园 jinshan, chongming 崇明园 chongming, baoshan 宝山园 baoshan, expo 世博园 pudong, huangpu 黄浦园 huangpu,
    bonded 自贸保税园 pudong, zhangjiang-core 张江核心园 pudong, lingang 临港园 pudong
"""
PARKS = tuple(
    Park(f"park.{slug}", zh, f"{slug.title()} Park", district)
    for slug, zh, district in (line.split() for line in NAMES.split(","))
)


def silent(done: int, total: int, what: str) -> None:
    pass


def empty_services(folder: Path) -> Engine:
    engine = open_engine(f"sqlite:///{folder}/services.db", durable=False)
    run_migrations(engine, "services", silent)
    return engine


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("services")
    engine = empty_services(folder)
    seed(engine, PARKS, silent)
    engine.dispose()
    return folder / "services.db"


@pytest.fixture(scope="session")
def seeded(template: Path) -> Iterator[Engine]:
    """The zone's size in sample rows, for reading only."""
    engine = open_engine(f"sqlite:///{template}", durable=False)
    yield engine
    engine.dispose()


@pytest.fixture
def session(seeded: Engine) -> Iterator[Session]:
    with reading(seeded) as session:
        yield session


@pytest.fixture
def services(template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A copy of the seeded database, to be changed."""
    copyfile(template, tmp_path / "services.db")
    engine = open_engine(f"sqlite:///{tmp_path}/services.db", durable=False)
    yield engine
    engine.dispose()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    engine = empty_services(tmp_path)
    yield engine
    engine.dispose()
