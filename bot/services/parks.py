from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from bot.services import tables as t
from bot.services.rows import Language, ParkDetails


def park_details(
    session: Session, park_id: str, language: Language, *, show_samples: bool = True
) -> ParkDetails | None:
    """What is listed in a park. A service counts where it has a desk."""
    park = session.execute(select(t.parks).where(t.parks.c.id == park_id)).mappings().first()
    if park is None:
        return None
    names = (park["name_zh"], park["name_en"])
    counts = _counts(session, park_id, show_samples=show_samples)
    return ParkDetails(
        id=park_id,
        name=names[language == "en"],
        other_name=names[language == "zh"],
        district=park["district"],
        makerspaces=counts.get("makerspace", 0),
        evaluated_makerspaces=counts["evaluated"],
        incubators=counts.get("incubator", 0),
        accelerators=counts.get("accelerator", 0),
        services=counts.get("service", 0),
        institutes=counts.get("institute", 0),
        sample=counts["samples"] > 0,
    )


def _counts(session: Session, park_id: str, *, show_samples: bool) -> dict[str, int]:
    """Listings by kind, `evaluated` makerspaces, and `samples` among all of them."""
    of = t.listings.c
    here = select(t.locations.c.id).where(t.locations.c.park == park_id)
    desks = select(t.service_at_locations.c.service).where(t.service_at_locations.c.location.in_(here))
    evaluated = (of.kind == "makerspace") & t.carriers.c.evaluated
    query = select(of.kind, func.count(), _number(of.sample), _number(evaluated)).group_by(of.kind)
    query = query.select_from(t.listings.outerjoin(t.carriers, t.carriers.c.id == of.id))
    if not show_samples:
        query = query.where(~of.sample)
    placed = query.where(of.location.in_(here), of.kind.in_((*t.CARRIER_KINDS, "institute")))
    serving = query.join(t.services, t.services.c.id == of.id).where(t.services.c.status == "active", of.id.in_(desks))
    counts = {"evaluated": 0, "samples": 0}
    for kind, count, samples, evaluated_count in (*session.execute(placed), *session.execute(serving)):
        counts[kind] = count
        counts["samples"] += samples
        counts["evaluated"] += evaluated_count
    return counts


def _number(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
