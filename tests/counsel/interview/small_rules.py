"""A rule text that is sound, to be broken one word at a time."""

SOUND = """tropa-rules 1

topic way
    en: Leaving
    ru: Выезд

question banned
    kind: yes/no
    en: Barred?
    ru: Запрет есть?
    en for another: Is the person barred?
    ru for another: У человека запрет есть?

question told
    kind: past day
    asked when: banned is yes
    en: When?
    ru: Когда?
    en for another: When was it?
    ru for another: Когда это было?

conclusion barred
    topic: way
    weight: 3
    en: Barred
    ru: Закрыт ли выезд

rule barred.yes
    says: barred holds
    when: banned is yes
    by: told + CLK-PASS-5
    rests on: CLK-PASS-5
    in force: from 2023-12-11
    en: Hand it in.
    ru: Сдайте.
    case: 2023-12-10, 2023-12-11, 2023-12-12 | banned yes; told 2023-12-01 | person, holds by 2023-12-06, holds
    case: 2026-11-22 | banned no | not

rule barred.no
    says: barred does not hold
    when: banned is no
    rests on: exit-RU
    in force: always
    en: Nothing is known.
    ru: Ничего не известно.
    case: 2026-11-22 | banned no | not
    case: 2026-11-22 | banned yes | holds
"""


def files(text: str = SOUND) -> dict[str, bytes]:
    """One file of a book."""
    return {"small.rules": text.encode()}
