"""Canaries: texts nobody has ever written, one for each entrance, and everything else that must lie nowhere.

They stay in memory.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

PHRASES = {
    "message": "зяблик-повестка лежит под ковром",
    "further message": "после зяблика прилетел щегол",
    "file name": "kanareyka-povestka",
    "file content": "снимок повестки канарейки",
    "answer": "Купите билет щеглу до канареечного города",
    "note": "заметка: щегол боится канареек",
    "draft": "черновик для щегла",
    "reason of a return": "вернуть: щегол туда не долетит",
    "wrong nine words": "канарейка зяблик щегол чиж снегирь клёст",
    "wrong password": "kanareyka-wrong-password",
    "wrong passphrase": "kanareyka wrong passphrase",
    "search term": "kanareyka-search-term",
    "words looked for": "клетка для щегла",
    "address of the drop": "kanareyka-address",
    "message into a traceback": "щегол упал вместе с базой",
    "answer into a traceback": "ответ щеглу, когда базы нет",
    "newcomer's password": "kanareyka-new-password",
    "newcomer's passphrase": "kanareyka new passphrase",
    "message by messenger": "чечётка-повестка пришла на дом",
    "file name by messenger": "chechyotka-povestka",
    "file content by messenger": "снимок повестки чечётки",
    "words to the file": "вот она, чечётка",
    "answer by messenger": "чечётке ответ: спрячьте клетку",
    "where a browser is told": "kanareyka-push-address",
    "answer that waits to be sent": "чечётке второй ответ, он подождёт",
    "name of a saved reply": "щеглу: прочитано",
    "saved reply": "Щегол, мы прочитали письмо и считаем зёрна",
    "note for the next shift": "смене: клетка щегла не отвечает",
    "name of a view": "мои щеглы",
    "words typed to find or do": "где живёт щегол",
    "words looked for in answers": "kanareyka-answer-term",
    "reason of a hold": "суд ждёт щегла",
    "reason of a closing": "щегол улетел, клетка пуста",
    "new password": "kanareyka-changed-password",
    "new passphrase": "kanareyka changed passphrase",
    "passphrase under duress": "kanareyka forced passphrase",
    "wrong recovery code": "kanareyka-code",
}


@dataclass(slots=True)
class Planted:
    """Everything that must lie nowhere: texts, and keys as bytes, by what they are."""

    words: dict[str, str] = field(default_factory=dict, repr=False)
    keys: dict[str, bytes] = field(default_factory=dict, repr=False)

    def hatch(self, name: str) -> str:
        """A canary of this name; the same one when asked again."""
        if name not in self.words:
            self.words[name] = f"{PHRASES[name]} {secrets.token_hex(8)}"
        return self.words[name]
