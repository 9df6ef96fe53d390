"""Words that mean the same to whoever asks: slang, abbreviations, the law's own words, a few words of other languages;
words that only ask, and words of small talk.

Each line of `_GROUPS` is one meaning, the plainest word first. A word stands for all its forms; of two words that make
one name, the telling one stands here («гражданская служба» is known by «альтернативный»).
"""

from __future__ import annotations

from functools import cache
from typing import Final

from tropa.counsel.words import lemmas, words

_GROUPS: Final = """
повестка повесточка повестки повістка шақыру summons summoned summonses
военкомат комиссариат вк военком commissariat enlistment recruitment
загранпаспорт загран загранник загранка заграничный загранпаспортный биометрический
агс альтернативный альтернативка альтернативщик пацифист пацифизм pacifist
самовольный соч самоволка сочник сочинец оставление самовол awol
дезертир дезертирство дезертировать deserter дезертирский desertion deserted
убежище беженец беженство азил политубежище asylum притулок refugee refuge
внж жительство резидентство residence residency
запрет ограничение невыездной запретить ограничить заборона ban banned barred forbidden
розыск разыскивать разыскиваемый розыскной интерпол wanted
контракт контрактник контрабас контрактный contract
мобилизация мобилизованный мобилизовать мобик запасник резервист мобилизационный запас mobilisation mobilization
срочник срочный призывник conscript conscripted draft drafted draftee
отсрочка отложить deferment deferral deferred postponement
выезд выехать уехать выезжать уезжать отъезд свалить валить вывезти вывоз leave leaving exit depart
граница погранец пограничник погранпереход погранконтроль border кордон шекара crossing
рейс самолет лететь улететь перелет авиабилет flight fly plane
долг задолженность должен приставы пристав алименты debt debtor
секретность гостайна допуск секретный секретка секрет secret clearance
виза визовый безвиз безвизовый visa visas
визаран визаранить
справка бумага бумажка документ
паспорт passport
фсб спецслужба
мошенник мошеннический развод обман фейк фейковый лохотрон кидала развести жулик ловушка scam scammer fraud fake swindle
телеграм телега тг telegram телеграмм ватсап вотсап whatsapp мессенджер сигнал signal
впн vpn
чат переписка сообщение chat chats
стереть удалить чистить почистить очистить стирать удалять delete erase wipe
телефон смартфон мобильник phone smartphone
плен сдача сдаться captivity
самострел членовредительство прострелить членовредить
яма зиндан подвал pit cellar basement
пытка пытать избивать избить избиение бить побои насилие издеваться издевательство мучить torture beaten beat
доказательство показание свидетельство зафиксировать фиксация записать записывать задокументировать запись proof
врач терапевт медик медсестра доктор doctor
диплом образование нострификация апостиль diploma degree
специальность профессия
жаловаться жалоба обжаловать апелляция оспорить обжалование appeal complaint complain
отказ отказаться отказать отказываться refuse refusal rejected reject
штурм передовая фронт боевой
тюрьма посадить сесть уголовный уголовка статья срок наказание prison jail jailed criminal
деньги платить заплатить купить взятка money
негодность негодный
условный условка условно
рапорт
семья родственник родной родитель relative
германия немецкий фрг бамф germany german
франция французский france french
сша америка американский usa america american
нидерланды голландия netherlands dutch
киргизия кыргызстан бишкек киргизский kyrgyzstan bishkek
казахстан алматы астана казахский kazakhstan almaty astana
армения ереван гюмри армянский armenia yerevan gyumri
грузия тбилиси ларс батуми грузинский georgia tbilisi lars
сербия белград сербский serbia belgrade
черногория montenegro
беларусь белоруссия минск белорусский belarus minsk
польша польский poland polish
хорватия croatia
китай китайский china
европа ес евросоюз шенген европейский europe schengen
"""

_ASKING: Final = """
а без бы был была были было быть в вам вас весь во вот все всё вы где да для до его ее если есть еще ж же за и
из или им их к как какая какие каким каких какого какое какой какому какую ко когда который кто куда ли либо
мне можно мы на над надо нам нас не него нее нет ни но ну о об он она они оно от откуда очень по под при про с
сам свой себя сколько со так такой там те тем то того тоже только тот ты у уже чего чей чем что чтобы чье чья
эта эти это этот я каков почему зачем назвать называться являться мочь ведь вообще просто типа короче
пожалуйста подскажите здравствуйте добрый день the a an of to in on at is are was were be been what which who
whom whose when where why how do does did and or for from by with it its this that these those there as i my
me we our you your he his she her they their can could would should will количество именно согласно помимо
происходить каковой кем кого кому ком чему ней ними ему ей них называть зовут звать данный
not no yes if they them him us mine its own myself himself yourself was has have had having been being did doing
done will shall may might must then than such so only also too very already just really even still any some all
into onto out up off over about under but or nor because since until please hello hi thanks here there let get got
getting put take took taken make made go going went gone come came happen happens want know tell say said think
""".split()

ASKING: Final = frozenset(_ASKING)
"""Words that ask or join and say nothing of what is asked about."""

_SMALL_TALK: Final = """
спасибо благодарить большой помощь помочь помогать ответ ответить отвечать сообщение письмо написать писать тут один
два первый второй ждать понять хорошо привет файл фото фотография картинка снимок скриншот документ бумага
вложение прикладывать приложить прислать отправить отправлять послать проверка тест вопрос спросить
спрашивать слышать видеть знать сказать хотеть человек день утро вечер сегодня завтра вчера сайт страница
читать прочитать скоро быстро время новый ваш наш купить работать
thank help answer message letter write wrote sent send wait file photo picture document paper attach test name work
anybody hear see one two more number form page open soon today tomorrow yesterday day question reply read site
""".split()


@cache
def small_talk() -> frozenset[str]:
    """Dictionary forms of talking itself: somebody who says nothing else has asked for nothing yet."""
    return frozenset(lemmas(word)[0] for word in _SMALL_TALK)


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Every dictionary form of `_GROUPS` with all forms of its line, the plainest first."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _GROUPS.strip().splitlines():
        forms = tuple(dict.fromkeys(lemmas(word)[0] for word in words(line)))
        for form in forms:
            found[form] = (
                *found.get(form, ()),
                *(other for other in forms if other not in found.get(form, ())),
            )
    return found


def same(form: str) -> tuple[str, ...]:
    """Other dictionary forms that mean the same."""
    return tuple(other for other in _groups().get(form, ()) if other != form)


def meaning(form: str) -> str:
    """The plainest word for what a dictionary form means; "" when it stands in no group."""
    return _groups().get(form, ("",))[0]
