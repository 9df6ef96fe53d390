"""Writes the table of Russian forms of place and country names: `.venv/bin/python tools/place_forms.py [--check]`.

"из Ростова-на-Дону в Ереван": from where, to where and where, each with its preposition. Kept true: the table holds
every place and country of the shipped pack and nothing else; forms come from the rules and the exceptions below, so a
new name of the pack is declined by the same rules and stands in the diff for somebody to read. The tests hold the
table against a dictionary of Russian (pymorphy3) and against forms written by hand.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tropa.atlas import load_pack
from tropa.atlas.pack import SHIPPED_PACK

TABLE = Path(__file__).parents[1] / "src" / "tropa" / "planning" / "forms_ru.json"

INDECLINABLE = frozenset(
    "Актобе Алматы Атырау Баку Гоа Душанбе Карши Коломбо Мале Маэ Навои Сараево Тбилиси Хельсинки Урумчи КНДР США "
    "Марокко Чили Перу Конго Того Дели".split()
)
FEMININE = frozenset("Беларусь Казань Ленкорань Нахичевань Пермь Рязань Тюмень Астрахань".split())
LAST_PART = frozenset("Улан-Батор Санкт-Петербург Буэнос-Айрес Эр-Рияд Шарм-эш-Шейх".split())
PLURAL = {
    "Объединённые Арабские Эмираты": ("Объединённых Арабских Эмиратов", "Объединённых Арабских Эмиратах"),
    "Нидерланды": ("Нидерландов", "Нидерландах"),
    "Мальдивы": ("Мальдив", "Мальдивах"),
    "Сейшельские Острова": ("Сейшельских Островов", "Сейшельских Островах"),
}
PHRASES = {
    "Египет": ("Египта", "Египет", "Египте"),
    "Нижний Новгород": ("Нижнего Новгорода", "Нижний Новгород", "Нижнем Новгороде"),
    "Босния и Герцеговина": ("Боснии и Герцеговины", "Боснию и Герцеговину", "Боснии и Герцеговине"),
    "Южная Корея": ("Южной Кореи", "Южную Корею", "Южной Корее"),
    "Саудовская Аравия": ("Саудовской Аравии", "Саудовскую Аравию", "Саудовской Аравии"),
    "Шри-Ланка": ("Шри-Ланки", "Шри-Ланку", "Шри-Ланке"),
}
KINDS = {"пункт": ("пункта", "пункте"), "аэропорт": ("аэропорта", "аэропорту")}
"""What stands before a name that then stays as it is; the last form is the one that says where."""
ON = frozenset(["Мальдивы", "Сейшельские Острова", "Шри-Ланка"])
"""Names that go with "на" and "с"."""

VOWELS = "аеёиоуыэюя"


def forms(name: str) -> tuple[str, str, str]:
    """ "из Москвы", "в Москву", "в Москве"."""
    genitive, accusative, locative = cases(name)
    city, _, part = name.partition(", ")
    if part.partition(" ")[0] in KINDS:
        return tuple(f"{form} ({city})" for form in forms(part))  # type: ignore[return-value]
    if part:
        return tuple(f"{form} ({part})" for form in forms(city))  # type: ignore[return-value]
    if name in ON:
        away = "со" if name.startswith("Шр") else "с"
        return f"{away} {genitive}", f"на {accusative}", f"на {locative}"
    into = "во" if name[0] in "ВФ" and name[1] not in VOWELS else "в"
    return f"из {genitive}", f"{into} {accusative}", f"{into} {locative}"


def cases(name: str) -> tuple[str, str, str]:
    """The genitive, accusative and prepositional case of a name."""
    if name in PHRASES:
        return PHRASES[name]
    if name in PLURAL:
        genitive, locative = PLURAL[name]
        return genitive, name, locative
    kind, _, rest = name.partition(" ")
    if kind in KINDS:
        genitive, locative = KINDS[kind]
        return f"{genitive} {rest}", name, f"{locative} {rest}"
    if name.endswith(")"):
        place, _, part = name.partition(" (")
        genitive, accusative, locative = cases(place)
        return f"{genitive} ({part}", f"{accusative} ({part}", f"{locative} ({part}"
    if "-на-" in name:
        place, _, river = name.partition("-")
        return tuple(f"{form}-{river}" for form in word(place))  # type: ignore[return-value]
    if "-" in name and name not in LAST_PART and name[-1] in VOWELS:
        return name, name, name
    return word(name)


def word(name: str) -> tuple[str, str, str]:
    """The cases of one word; of a word with hyphens its last part changes."""
    if name in INDECLINABLE or name[-1] in "оуэеюы" or (name[-1] == "и"):
        return name, name, name
    stem, last = name[:-1], name[-1]
    if name in FEMININE:
        return f"{stem}и", name, f"{stem}и"
    if name.endswith("ия"):
        return f"{stem}и", f"{stem}ю", f"{stem}и"
    if last == "я":
        return f"{stem}и", f"{stem}ю", f"{stem}е"
    if last == "а":
        return stem + ("и" if stem[-1] in "гкхжшчщ" else "ы"), f"{stem}у", f"{stem}е"
    if name.endswith("ий"):
        return f"{stem}я", name, f"{stem}и"
    if last in "йь":
        return f"{stem}я", name, f"{stem}е"
    return f"{name}а", name, f"{name}е"


def table() -> str:
    """The table as it is committed: by name, in alphabetical order."""
    atlas = load_pack(SHIPPED_PACK)
    named = {id_: fact.value.name.ru for id_, fact in atlas.places.items()}
    named |= {code: fact.value.name.ru for code, fact in atlas.countries.items()}
    found = {name: forms(name) for name in sorted(set(named.values()))}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write the table, or with --check say whether it is that of the pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    wanted = table()
    if parser.parse_args().check:
        same = TABLE.read_text(encoding="utf-8") == wanted
        print("the table is that of the pack" if same else "the table is old: run tools/place_forms.py")
        return 0 if same else 1
    TABLE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
