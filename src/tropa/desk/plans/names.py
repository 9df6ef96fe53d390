"""Names of places, papers and countries for one plan set, in a language: from the set itself, so that a
stored plan reads the same when the atlas has moved on.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from tropa.planning.plan import PaperNote, PlaceNote


@dataclass(frozen=True, slots=True)
class Names:
    """Look-ups by id; an id nobody named stands for itself."""

    places: dict[str, PlaceNote]
    papers: dict[str, PaperNote]
    russian: bool

    def place(self, place_id: str) -> str:
        """A place."""
        found = self.places.get(place_id)
        return place_id if found is None else (found.name_ru if self.russian else found.name_en)

    def paper(self, paper_id: str) -> str:
        """A paper."""
        found = self.papers.get(paper_id)
        return paper_id if found is None else (found.name_ru if self.russian else found.name_en)


def names_in(places: tuple[PlaceNote, ...], papers: tuple[PaperNote, ...]) -> Names:
    """Names in the language of the moment."""
    return Names(
        places={place.id: place for place in places},
        papers={paper.id: paper for paper in papers},
        russian=(get_language() or "ru").startswith("ru"),
    )
