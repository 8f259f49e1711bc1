"""python -m knowledge check [files...] [--json]"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, datetime
from pathlib import Path

from knowledge.check import check_folder
from knowledge.mistakes import LANGUAGES, Mistake, messages

CONTENT = Path(__file__).with_name("content")


def main(arguments: list[str] | None = None) -> int:
    options = _read(arguments)
    if options.command == "calibrate":
        from knowledge.calibrate import calibrate  # loads the encoder, which a check never needs

        print(calibrate(options.folder, options.questions, options.today))
        return 0
    found = check_folder(options.folder, options.today)
    asked = {file.resolve() for file in options.files}
    shown = [mistake for mistake in found if not asked or (options.folder / mistake.file).resolve() in asked]
    print(_as_json(shown) if options.json else _as_lines(shown, options.folder))
    return 1 if shown else 0


def _read(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    parser.add_argument("command", choices=("check", "calibrate"))
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--folder", type=Path, default=CONTENT)
    parser.add_argument("--questions", type=Path, default=Path("tests/knowledge/development_questions.yml"))
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now().astimezone().date())
    return parser.parse_args(arguments)


def _as_json(mistakes: list[Mistake]) -> str:
    places = ("file", "line", "column", "code")
    rows = [{name: getattr(each, name) for name in places} | _in_words(each) for each in mistakes]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _in_words(mistake: Mistake) -> dict[str, str]:
    return {language: mistake.say(language) for language in LANGUAGES}


def _as_lines(mistakes: list[Mistake], folder: Path) -> str:
    if not mistakes:
        return str(messages()["nothing_wrong"]["zh"]) + " | " + str(messages()["nothing_wrong"]["en"])
    return "\n".join(f"{folder.name}/{mistake}" for mistake in mistakes)


if __name__ == "__main__":
    sys.exit(main())
