"""Examines a seized installation: searches every byte, tries every key, and says what lies in clear.

What was planted is handed in and stays in memory. Raises nothing for what it finds; what it could not look at is
named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps

from tropa.seizure.places import Place, everything_written, files, server_files
from tropa.seizure.search import Searched, search
from tropa.seizure.shapes import Sought
from tropa.seizure.store import Store


@dataclass(frozen=True, slots=True)
class Seized:
    """What was taken: the database, its directory, and folders beside it (temporary files, what was printed)."""

    store: Store
    beside: tuple[Path, ...] = ()

    def places(self) -> Iterator[Place]:
        """Everything that can be read of it."""
        yield from everything_written(self.store)
        for folder in self.beside:
            for path, content in files(folder):
                yield f"{folder.name}/{path}", content
        yield from server_files(self.store) or ()

    @property
    def without_server(self) -> bool:
        """Whether there is a server whose own files could not be read."""
        return self.store.address is not None and self.store.server_folder() is None


def searched(seized: Seized, patterns: list[Sought]) -> Searched:
    """Look through all of it."""
    return search(seized.places(), patterns)


def fields_by_column() -> Mapping[str, str]:
    """`table.column` to `app.model.field`, for every model; Django has to be set up."""
    return {
        f"{model._meta.db_table}.{field.column}": f"{model._meta.label_lower}.{field.name}"  # noqa: SLF001
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields  # noqa: SLF001
    }
