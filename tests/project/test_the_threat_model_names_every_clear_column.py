"""The table of what lies on the disk in clear, and the columns of the models, are the same set."""

import re
from pathlib import Path

from django.apps import apps
from django.db.models import BinaryField

PAGE = "docs/threat-model.md"
NAMED_AS_SEALED = re.compile(r"^(sealed(_\w+)?|\w+_sealed|wrapped|recovery|slot_one|slot_two)$")
COLUMN = re.compile(r"`(\w+\.\w+\.\w+)`")


def columns(*, sealed: bool) -> set[str]:
    return {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if bool(NAMED_AS_SEALED.match(field.name)) is sealed
    }


def test_every_column_in_clear_is_named_with_its_reason(checkout: Path) -> None:
    rows = [line.split("|") for line in (checkout / PAGE).read_text().splitlines() if COLUMN.search(line)]
    named = [column for row in rows for column in COLUMN.findall(row[1])]
    assert len(named) == len(set(named))
    assert set(named) == columns(sealed=False)
    assert all(cell.strip() for row in rows for cell in row[1:5])


def test_a_column_named_as_sealed_holds_bytes() -> None:
    assert columns(sealed=True)
    for name in columns(sealed=True):
        app, model, field = name.split(".")
        assert isinstance(apps.get_model(app, model)._meta.get_field(field), BinaryField), name


def test_every_test_it_points_to_is_there(checkout: Path) -> None:
    pointed = set(re.findall(r"`(tests/[\w./]+)`", (checkout / PAGE).read_text()))
    assert pointed
    assert [path for path in sorted(pointed) if not (checkout / path).exists()] == []
