"""What the example's people wrote. Every sentence is invented; nobody's words are here."""

from __future__ import annotations

from dataclasses import dataclass

from tropa.desk.cases.card import (
    AskingFor,
    Ban,
    Card,
    Danger,
    Deadline,
    Dependants,
    OtherReaders,
    PaperInHand,
    Situation,
    Whereabouts,
    Wish,
)
from tropa.desk.cases.models import Urgency


@dataclass(frozen=True, slots=True)
class Story:
    """A first message. `hours` ago it came; `urgency` is what the person chose in the form."""

    hours: int
    urgency: Urgency
    text: str
    language: str = "ru"


@dataclass(frozen=True, slots=True)
class HeldStory:
    """A thread somebody has taken: messages and answers in turn, hours ago; the last may wait
    for an answer.
    """

    lead: str
    urgency: Urgency
    turns: tuple[tuple[int, str], ...]
    card: Card


NOW, DAY, WEEK, INFO = Urgency.NOW, Urgency.DAY, Urgency.WEEK, Urgency.INFO

STORIES = (
    Story(
        1,
        NOW,
        "брата увезли утром, он в пункте сбора, телефон пока у него. говорят, вечером автобус",
    ),
    Story(
        3,
        NOW,
        "держат вдвоём в подвале при части, третий день. пишу с чужого телефона, ответить можно до ночи",
    ),
    Story(
        2, NOW, "муж ранен, из госпиталя завтра отправляют обратно, нога не сгибается. что сделать до утра?"
    ),
    Story(26, DAY, "повестка пришла в личный кабинет, я её не открывал. билет на субботу уже есть, лететь?"),
    Story(
        19,
        DAY,
        "сына второй день не выпускают из военкомата, паспорт забрали, уговаривают подписать контракт",
    ),
    Story(17, DAY, "отпуск заканчивается в четверг, в часть не вернусь. военник дома, загранпаспорта нет"),
    Story(
        12, DAY, "на границе развернули: сказали, ограничение. бумаги не дали. что это и как узнать причину"
    ),
    Story(9, DAY, "командир видит мой телефон, пишу с планшета сестры. как перевестись или уйти законно?"),
    Story(7, DAY, "вызывают «сверить данные» на послезавтра, работа удалённая, прописан в другом городе"),
    Story(
        5,
        DAY,
        "I am in Almaty since last week, my internal passport expires in a month. Where can I renew it?",
        "en",
    ),
    Story(31, WEEK, "есть только внутренний паспорт, через три недели явка. куда с ним вообще пускают?"),
    Story(
        28,
        WEEK,
        "мне 24, учусь заочно, отсрочка кончится в январе. можно ли успеть сделать загранпаспорт на 10 лет",
    ),
    Story(22, WEEK, "контракт подписал в октябре под давлением, ещё не отправили. можно ли его отменить"),
    Story(21, WEEK, "комиссия поставила «годен» при астме, снимки есть. обжалование останавливает призыв?"),
    Story(18, WEEK, "хочу на альтернативную службу, в заявлении отказали, срок на жалобу до конца месяца"),
    Story(16, WEEK, "долг приставам 40 тысяч, повестки нет. выпустят из страны, если заплачу в день вылета?"),
    Story(15, WEEK, "муж отказался возвращаться, мы с двумя детьми. у детей паспортов нет, с чего начать"),
    Story(14, WEEK, "служил в части с допуском, уволился два года назад. загран на руках, выезжать можно?"),
    Story(13, WEEK, "живу в Ереване полгода, регистрации нет. боюсь идти в полицию, вдруг я в розыске"),
    Story(
        11,
        WEEK,
        "брат осуждён условно, ему предлагают контракт «вместо наказания». что будет, если откажется",
    ),
    Story(
        10,
        WEEK,
        "My friend was mobilised in 2022 and is on medical leave now. Is there a legal way out?",
        "en",
    ),
    Story(
        8, WEEK, "отказали в убежище, на жалобу 30 дней, адвокат молчит. есть ли кто-нибудь в этой стране?"
    ),
    Story(40, INFO, "сыну тридцать в марте, он ещё призывной?"),
    Story(35, INFO, "правда, что теперь призыв идёт круглый год?"),
    Story(30, INFO, "запись в реестре появилась, а бумаги не было. это уже считается?"),
    Story(24, INFO, "чем отличается военник от приписного, если выезжать"),
    Story(20, INFO, "сколько стоит пошлина за паспорт на десять лет и долго ли ждать"),
    Story(6, INFO, "хочу помогать с переводами, живу в Лионе, французский и русский"),
)

HELD = (
    HeldStory(
        "lipa",
        DAY,
        (
            (
                60,
                "мы с женой снимаем квартиру, въехали в октябре. розыска вроде нет, хозяин задаёт вопросы",
            ),
            (
                52,
                "Я вас прочитала. Переезжать в спешке не нужно. Какие паспорта у вас на руках? Без номеров.",
            ),
            (50, "у меня только внутренний, у жены загран на пять лет"),
        ),
        Card(
            asking_for=AskingFor.SELF,
            situation=Situation.ABSENT,
            whereabouts=Whereabouts.INTERNAL_PASSPORT_COUNTRY,
            deadline=Deadline.TWO_MONTHS,
            danger=Danger.NO,
            papers=frozenset({PaperInHand.INTERNAL}),
            bans=frozenset({Ban.UNKNOWN}),
            dependants=Dependants.PARTNER,
            other_readers=OtherReaders.NOBODY,
            wishes=frozenset({Wish.PROTECTION}),
        ),
    ),
    HeldStory(
        "lipa",
        WEEK,
        (
            (44, "повестка на начало декабря, загранпаспорта нет, военник на руках. хочу уехать законно"),
            (
                41,
                "Здравствуйте. До явки время есть. Из какого города вы можете выехать и есть ли долги?",
            ),
        ),
        Card(
            asking_for=AskingFor.SELF,
            situation=Situation.SUMMONS,
            whereabouts=Whereabouts.RUSSIA,
            deadline=Deadline.TWO_WEEKS,
            danger=Danger.NO,
            papers=frozenset({PaperInHand.INTERNAL, PaperInHand.MILITARY_ID}),
            bans=frozenset({Ban.NONE}),
            dependants=Dependants.NOBODY,
            other_readers=OtherReaders.NOBODY,
            wishes=frozenset({Wish.LEAVE}),
        ),
    ),
    HeldStory(
        "kashtan",
        NOW,
        (
            (30, "сижу в зале ожидания, рейс перенесли на ночь. на выходе могут проверить?"),
            (29, "Оставайтесь на месте, документы держите при себе. Я на связи до утра."),
            (27, "прошёл. сажусь"),
        ),
        Card(
            asking_for=AskingFor.SELF,
            situation=Situation.SUMMONS,
            whereabouts=Whereabouts.RUSSIA,
            deadline=Deadline.TODAY,
            papers=frozenset({PaperInHand.INTERNAL, PaperInHand.FOREIGN_10}),
            wishes=frozenset({Wish.LEAVE}),
        ),
    ),
    HeldStory(
        "grab",
        INFO,
        (
            (72, "мы на месте уже месяц, спасибо. как отдать ребёнка в школу без регистрации?"),
            (70, "Очень рад за вас. Школа обязана принять и без регистрации; возьмите справку о прививках."),
        ),
        Card(
            asking_for=AskingFor.SELF,
            situation=Situation.ABROAD,
            whereabouts=Whereabouts.OTHER_COUNTRY,
            deadline=Deadline.NONE,
            danger=Danger.NO,
            papers=frozenset({PaperInHand.FOREIGN_10}),
            dependants=Dependants.CHILDREN,
            wishes=frozenset({Wish.SETTLE}),
        ),
    ),
)
