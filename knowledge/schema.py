"""Text with positions -> entry, fact or term; every mistake at its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge.located_yaml import Located, Path
from knowledge.mistakes import Slip

Model = TypeVar("Model", bound=BaseModel)
WANTED = {
    "value_error.missing": "missing_field",
    "value_error.extra": "unknown_field",
    "value_error.const": "not_one_of",
    "type_error.none.not_allowed": "empty_value",
    "type_error.list": "want_list",
    "type_error.tuple": "want_list",
    "type_error.dict": "want_fields",
}


def read_as(model: type[Model], located: Located, at: Path = ()) -> tuple[Model | None, list[Slip]]:
    value = below(located.data, at)
    try:
        return model.parse_obj(value), []
    except ValidationError as error:
        return None, [_slip(found, model, located, at) for found in error.errors()]


def _slip(error: Mapping[str, Any], model: type[BaseModel], located: Located, at: Path) -> Slip:
    path = (*at, *(step for step in error["loc"] if step != "__root__"))
    values = dict(error.get("ctx", {}))
    code = values.pop("slip", None) or WANTED.get(error["type"], "want_fields")
    if code == "unknown_field":
        place, values = located.place_of_key(path), _suggestion(str(path[-1]), model)
    elif code == "missing_field":
        place, values = located.place(path[:-1]), {"field": _dotted(path[len(at) :])}
    else:
        place = located.place(path)
    if code == "not_one_of":
        given = str(values["given"])
        near = get_close_matches(given.lower(), values["permitted"], 1)
        values = {"value": given, "allowed": ", ".join(near or values["permitted"])}
    return Slip(code, *place, {"field": _dotted(path[len(at) :]), **values})


def _suggestion(field: str, model: type[BaseModel]) -> dict[str, str]:
    known = sorted(_field_names(model, set()))
    near = get_close_matches(field.lower(), known, 1, cutoff=0.6)
    return {"field": field, "suggestion": near[0] if near else ""}


def _field_names(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    if model in seen:
        return
    seen.add(model)
    for field in model.__fields__.values():
        yield field.alias
        if isinstance(field.type_, type) and issubclass(field.type_, BaseModel):
            yield from _field_names(field.type_, seen)


def below(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _dotted(path: Path) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
