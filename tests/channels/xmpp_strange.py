"""Strange messages of XMPP: valid ones with some of their parts changed, doubled, left out or added."""

from __future__ import annotations

import copy
import random
from xml.etree import ElementTree as ET

from tests.channels.strange import STRANGE
from tropa.channels.xmpp.reading import OMEMO

OWN = "desk@example.org"
VALID = """<message xmlns="jabber:client" type="chat" from="person@example.org/phone" to="desk@example.org" id="1">
<body>encrypted</body><encrypted xmlns="eu.siacs.conversations.axolotl"><header sid="1"><key rid="2">AAAA</key>
<iv>AAAA</iv></header><payload>AAAA</payload></encrypted><store xmlns="urn:xmpp:hints"/>
<replace xmlns="urn:xmpp:message-correct:0" id="0"/><encryption xmlns="urn:xmpp:eme:0" namespace="x"/></message>"""
TAGS = (
    "{jabber:client}body",
    "{jabber:client}subject",
    OMEMO,
    "{urn:xmpp:omemo:2}encrypted",
    "{jabber:x:conference}x",
    "{urn:xmpp:mam:2}result",
    "{urn:xmpp:message-retract:1}retract",
    "{http://jabber.org/protocol/muc#user}x",
)


def valid() -> ET.Element:
    return ET.fromstring(VALID)  # noqa: S314  ours


def clear(text: str = "в открытую") -> ET.Element:
    message = ET.Element("{jabber:client}message", {"from": "Person@Example.org/phone", "to": OWN})
    ET.SubElement(message, "{jabber:client}body").text = text
    return message


def strange(chance: random.Random) -> ET.Element:
    """A valid message with one to three of its parts changed."""
    message = valid() if chance.random() < 0.7 else clear()
    texts = [each for each in STRANGE if isinstance(each, str)]
    for _change in range(chance.randint(1, 3)):
        places = list(message.iter())
        place = chance.choice(places)
        match chance.randrange(5):
            case 0:
                place.text = chance.choice(texts)
            case 1:
                place.set(chance.choice(("from", "to", "type", "id", "rid", "sid")), chance.choice(texts))
            case 2:
                place.append(ET.Element(chance.choice(TAGS), {"id": "1"}))
            case 3:
                place.append(copy.deepcopy(chance.choice(places)))
            case _:
                for child in list(place)[:1]:
                    place.remove(child)
    return message


def sendable(message: ET.Element, to: str) -> str:
    """The message as a server takes it from an app; empty when no server would."""
    message.set("to", to)
    message.attrib.pop("from", None)
    try:
        text = ET.tostring(message, encoding="unicode")
        ET.fromstring(text)  # noqa: S314  ours
        text.encode()
    except (ET.ParseError, UnicodeEncodeError):
        return ""
    return text
