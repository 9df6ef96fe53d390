"""Words that mean the same to whoever asks: slang, abbreviations, the law's own words; and words that only ask.

Each line of `GROUPS` is one meaning, in dictionary forms as `tropa.counsel.words.lemmas` gives them; a word of several
tokens cannot stand here.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from tropa.counsel.words import lemmas, words

GROUPS: Final = """
повестка повесточка повиска
военкомат воинкомат вк военкоматский комиссариат
загран загранник загранпаспорт загранка загранпаспортный
военник военный_билет
апелляция обжалование обжаловать апелляционный
"""

_ASKING: Final = """
а без бы был была были было быть в вам вас весь во вот все всё вы где да для до его ее если есть еще ж же за и
из или им их к как какая какие каким каких какого какое какой какому какую ко когда который кто куда ли либо
мне можно мы на над надо нам нас не него нее нет ни но ну о об он она они оно от откуда очень по под при про с
сам свой себя сколько со так такой там те тем то того тоже только тот ты у уже чего чей чем что чтобы чье чья
эта эти это этот я каков почему зачем назвать называться являться мочь ведь вообще просто типа короче
пожалуйста подскажите здравствуйте добрый день the a an of to in on at is are was were be been what which who
whom whose when where why how do does did and or for from by with it its this that these those there as i my
me we our you your he his she her they their can could would should will
""".split()

ASKING: Final = frozenset(_ASKING)
"""Words that ask or join and say nothing of what is asked about."""


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Every dictionary form of `GROUPS` with the others of its line."""
    found: dict[str, tuple[str, ...]] = {}
    for line in GROUPS.strip().splitlines():
        forms = tuple(dict.fromkeys(form for word in words(line.replace("_", " ")) for form in lemmas(word)))
        for form in forms:
            found[form] = tuple(
                other for other in dict.fromkeys((*found.get(form, ()), *forms)) if other != form
            )
    return found


def same(form: str) -> tuple[str, ...]:
    """Other dictionary forms that mean the same."""
    return _groups().get(form, ())
