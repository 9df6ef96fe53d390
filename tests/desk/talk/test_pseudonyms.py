"""Staff call people by a plant and a number that is drawn, never computed, and never given twice."""

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.world import World
from tropa.desk.talk import arrivals, pseudonyms
from tropa.desk.talk.models import Thread
from tropa.desk.talk.plants import PLANTS
from tropa.desk.talk.pseudonyms import STRIDE, NameDraw, name_from, name_of


def test_a_pseudonym_is_spoken_in_the_language_of_the_page() -> None:
    name = name_from(47)
    with translation.override("ru"):
        assert name.text == "Рябина-47"
    with translation.override("en"):
        assert name.text == "Rowan-47"
    assert name.gender == "f"


@given(st.integers(0, len(PLANTS) - 1), st.integers(1, STRIDE - 1))
def test_different_draws_are_different_names(place: int, number: int) -> None:
    name = name_from(place * STRIDE + number)
    assert (name.ru, name.en) == (f"{PLANTS[place][0]}-{number}", f"{PLANTS[place][1]}-{number}")


def test_no_two_plants_share_a_name() -> None:
    assert (
        len({russian for russian, _, _ in PLANTS})
        == len({english for _, english, _ in PLANTS})
        == len(PLANTS)
    )
    assert {gender for _, _, gender in PLANTS} <= {"f", "m", "n"}


def test_numbers_grow_when_names_run_out() -> None:
    names = NameDraw()
    assert max(names.draw() % STRIDE for _ in range(500)) <= 99
    for _ in range(9):
        names.was_taken()
    drawn = [names.draw() for _ in range(500)]
    assert 999 < max(number % STRIDE for number in drawn) < STRIDE
    assert max(drawn) < 2**31


def test_a_name_that_is_taken_is_drawn_anew_and_nobody_is_turned_away(world: World) -> None:
    class Stubborn(NameDraw):
        """Draws the same name twice before it draws others."""

        left = 2

        def draw(self) -> int:
            self.left -= 1
            return 7 if self.left >= 0 else super().draw()

    before, arrivals.NAMES = arrivals.NAMES, Stubborn()
    try:
        first, second = world.write_in().thread, world.write_in().thread
    finally:
        arrivals.NAMES = before
    assert first.name == 7
    assert second.name != 7
    assert Thread.objects.count() == 2
    assert str(name_of(first)) == pseudonyms.name_from(7).text
