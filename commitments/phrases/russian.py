"""Russian: every word and pattern that is read, every template that is printed.

Decided here: "к 2026 году" and "до 2026 года" leave all of 2026: usage is divided, and what is not
yet late must not be called late. "до начала 2026 года" ends with 2025.
"""

from __future__ import annotations

from commitments.phrases.table import Language, Printing, Words, forms, numbered
from commitments.window import Precision

# Name, genitive, prepositional, dative.
_MONTHS = (
    ("январь", "января", "январе", "январю"),
    ("февраль", "февраля", "феврале", "февралю"),
    ("март", "марта", "марте", "марту"),
    ("апрель", "апреля", "апреле", "апрелю"),
    ("май", "мая", "мае", "маю"),
    ("июнь", "июня", "июне", "июню"),
    ("июль", "июля", "июле", "июлю"),
    ("август", "августа", "августе", "августу"),
    ("сентябрь", "сентября", "сентябре", "сентябрю"),
    ("октябрь", "октября", "октябре", "октябрю"),
    ("ноябрь", "ноября", "ноябре", "ноябрю"),
    ("декабрь", "декабря", "декабре", "декабрю"),
)
# Name, instrumental (when), genitive, accusative, dative and prepositional.
_SEASONS = (
    ("весна", "весной", "весны", "весну", "весне", "весною"),
    ("лето", "летом", "лета", "лето", "лету", "лете"),
    ("осень", "осенью", "осени", "осень"),
    ("зима", "зимой", "зимы", "зиму", "зиме", "зимою"),
)


def _adjective(stem: str) -> tuple[str, ...]:
    """All forms of an adjective with a hard stem, such as "перв-ый"."""
    endings = ("ый", "ая", "ое", "ого", "ой", "ому", "ом", "ым", "ую")
    return tuple(f"{stem}{ending}" for ending in endings)


def _soft_adjective(stem: str) -> tuple[str, ...]:
    """All forms of an adjective like "следующ-ий"."""
    endings = ("ий", "ая", "ее", "его", "ей", "ему", "ем", "им", "ую")
    return tuple(f"{stem}{ending}" for ending in endings)


def _years(*adjectives: tuple[str, ...]) -> tuple[str, ...]:
    """The year that an adjective points at, in the cases that follow a preposition."""
    ends = {"ый": "год", "ий": "год", "от": "год"}
    ends |= {"ого": "года", "его": "года", "ому": "году", "ему": "году", "ом": "году", "ем": "году"}
    return _agreeing(adjectives, ends)


def _masculine(noun: str, *adjectives: tuple[str, ...]) -> tuple[str, ...]:
    """The same for a masculine noun with a hard stem: "следующем месяце"."""
    ends = {"ый": noun, "ий": noun, "от": noun}
    ends |= {"ого": f"{noun}а", "его": f"{noun}а", "ому": f"{noun}у", "ему": f"{noun}у"}
    return _agreeing(adjectives, ends | {"ом": f"{noun}е", "ем": f"{noun}е"})


def _weeks(*adjectives: tuple[str, ...]) -> tuple[str, ...]:
    ends = {"ая": "неделя", "та": "неделя", "ую": "неделю", "ту": "неделю"}
    return _agreeing(adjectives, ends | {"ой": "неделе", "ей": "неделе"})


def _agreeing(adjectives: tuple[tuple[str, ...], ...], ends: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{form} {noun}"
        for adjective in adjectives
        for form in adjective
        for end, noun in ends.items()
        if form.endswith(end)
    )


_THIS = ("этот", "эта", "это", "этого", "этой", "этому", "этом", "этим", "эту")
_CURRENT = _soft_adjective("текущ")
_PRESENT = ("нынешний", *(f"нынешн{end}" for end in ("яя", "ее", "его", "ей", "ему", "ем", "им")))
_NEXT = _soft_adjective("следующ")
_FUTURE = _soft_adjective("будущ")
_LAST = ("прошлый", *_adjective("прошл"))
_PAST = _soft_adjective("прошедш")
_GONE = _soft_adjective("минувш")
_NEAREST = _soft_adjective("ближайш")
_COMING = _soft_adjective("предстоящ")
_OF_THIS_YEAR = ("с г", "т г")

_WORDS: Words = {
    "month": numbered(*_MONTHS),
    "season": numbered(*_SEASONS),
    "ordinal": numbered(
        (*_adjective("перв"), "i"),
        ("второй", *_adjective("втор"), "ii"),
        (
            "третий",
            "третья",
            "третье",
            "третьего",
            "третьей",
            "третьему",
            "третьем",
            "третью",
            "iii",
        ),
        (*_adjective("четверт"), *_adjective("четвёрт"), "iv"),
    ),
    "number": {
        1: ("одного", "один", "одной", "одну"),
        2: ("двух", "два", "две"),
        3: ("трёх", "трех", "три"),
        4: ("четырёх", "четырех", "четыре"),
        5: ("пяти", "пять"),
        6: ("шести", "шесть"),
        7: ("семи", "семь"),
        8: ("восьми", "восемь"),
        9: ("девяти", "девять"),
        10: ("десяти", "десять"),
        12: ("двенадцати", "двенадцать"),
        15: ("пятнадцати", "пятнадцать"),
        20: ("двадцати", "двадцать"),
        30: ("тридцати", "тридцать"),
        40: ("сорока", "сорок"),
        60: ("шестидесяти", "шестьдесят"),
        90: ("девяноста", "девяносто"),
        100: ("ста", "сто"),
    },
    "nth": {
        0: ("- й", "- я", "- е", "- го", "- му", "- м", "- ю", "- ое", "- ого", "- ом", "- ый")
    },
    "quarter": {0: ("квартал", "квартала", "кварталу", "квартале", "кварталом", "кв")},
    "half": {
        0: (
            "полугодие",
            "полугодия",
            "полугодию",
            "полугодии",
            "полугодием",
            "половина",
            "половины",
            "половине",
            "половину",
            "половиной",
        )
    },
    "year_word": {
        0: (
            "год",
            "года",
            "году",
            "годом",
            "годе",
            "г",
            "гг",
            "годы",
            "годов",
            "годам",
            "годами",
            "годах",
            "лет",
        )
    },
    "unit": {
        "day": ("день", "дня", "дней", "дни", "сутки", "суток"),
        "week": ("неделя", "недели", "недель", "неделю", "неделе"),
        "month": ("месяц", "месяца", "месяцев", "месяцу", "месяце"),
    },
    "relative_year": {
        0: (*_years(_THIS, _CURRENT, _PRESENT), *_OF_THIS_YEAR),
        1: _years(_NEXT, _FUTURE),
        2: ("послеследующий год", "послеследующем году", "послеследующего года"),
        -1: _years(_LAST, _PAST, _GONE),
    },
    "relative_month": {
        0: _masculine("месяц", _THIS, _CURRENT),
        1: _masculine("месяц", _NEXT, _FUTURE),
        -1: _masculine("месяц", _LAST, _PAST, _GONE),
    },
    "relative_week": {
        0: _weeks(_THIS, _CURRENT),
        1: _weeks(_NEXT, _FUTURE),
        -1: _weeks(_LAST, _PAST, _GONE),
    },
    "relative_quarter": {
        0: _masculine("квартал", _THIS, _CURRENT),
        1: _masculine("квартал", _NEXT, _FUTURE),
        -1: _masculine("квартал", _LAST, _PAST, _GONE),
    },
    "relative_day": {
        0: ("сегодня", "сегодняшний день", "сегодняшнего дня", "только что подписано"),
        1: ("завтра", "завтрашний день", "завтрашнего дня"),
        2: ("послезавтра",),
        -1: ("вчера", "вчерашний день"),
        -2: ("позавчера",),
    },
    "pointer": {
        "this": tuple(dict.fromkeys((*_THIS, *_CURRENT, *_PRESENT))),
        "next": tuple(dict.fromkeys((*_NEXT, *_FUTURE))),
        "last": tuple(dict.fromkeys(_LAST)),
        "coming": (*_NEAREST, *_COMING),
        "past": (*_PAST, *_GONE),
    },
    "third": {
        1: ("начало", "начала", "начале", "началу", "в начале"),
        2: ("середина", "середины", "середине", "середину", "в середине"),
        3: ("конец", "конца", "конце", "в конце"),
    },
    "some_year": {0: ("один из", "одного из", "в одном из")},
    "some": {
        "month": (
            "один из месяцев",
            "одного из месяцев",
            "в одном из месяцев",
            "в один из месяцев",
        ),
        "day": ("один из дней", "одного из дней", "в один из дней"),
    },
    "decade": {
        0: (
            "- е годы",
            "- х годов",
            "- х годах",
            "- е гг",
            "- х гг",
            "- ых годов",
            "- ые годы",
            "- ых годах",
        )
    },
    "in": {0: ("в", "во", "на", "в ходе", "в период")},
    "until": {0: ("к", "ко", "до", "не позднее", "не позже", "не позднее чем", "вплоть до")},
    "until_end": {0: ("до конца", "к концу", "не позднее конца", "не позже конца", "до окончания")},
    "before": {0: ("до начала", "ранее", "раньше")},
    "from": {0: ("с", "со", "начиная с", "начиная со", "от", "не ранее", "не раньше")},
    "onwards": {0: ("и далее", "и позднее", "и позже")},
    "after": {0: ("после", "позднее", "позже")},
    "to": {0: ("по",)},
    "between": {0: ("между",)},
    "and": {0: ("и",)},
    "within": {0: ("в течение", "в пределах")},
    "counted": {0: ("со дня", "с момента", "с даты", "от даты", "с времени")},
    "anchor": {
        "source": ("этого заявления", "заявления", "переговоров", "встречи"),
        "signing": (
            "подписания",
            "его подписания",
            "её подписания",
            "подписания договора",
            "подписания соглашения",
        ),
        "entry_into_force": ("вступления в силу", "его вступления в силу"),
        "ratification": ("ратификации", "его ратификации"),
        "adoption": ("принятия", "его принятия"),
        "publication": ("опубликования", "публикации", "его опубликования"),
    },
    "about": {0: ("около", "примерно", "приблизительно", "ориентировочно", "~")},
    "uncertain": {0: ("(под вопросом)", "(неточно)", "(?)", "?")},
    "hemisphere": {"north": ("(Северное полушарие)",), "south": ("(Южное полушарие)",)},
    "end_unknown": {0: ("окончание неизвестно",)},
    "start_unknown": {0: ("начало неизвестно",)},
    "filler": {
        0: (
            "как планируется",
            "как запланировано",
            "по плану",
            "как и планировалось",
            "как условились",
            "запланировано",
            "намечено",
        )
    },
}

_PARTS = {
    "YEAR": ("y nth? year_word?", "relative_year", "year_word y"),
    "NTH": ("ordinal", "n nth?"),
    "CORE": (
        "date year_word?",
        "YEAR",
        "n nth? month YEAR?",
        "month YEAR?",
        "month in? YEAR",
        "season y dash|slash y|n year_word?",
        "season YEAR?",
        "pointer month|season",
        "NTH quarter|half YEAR|year_word",
        "third YEAR|year_word",
        "third month YEAR?",
        "relative_day|relative_week|relative_month|relative_quarter",
        "some_year y dash y year_word",
        "some YEAR",
        "some month YEAR",
        "y decade",
    ),
    "PERIOD": ("year_word|unit|quarter",),
    "POINT": ("in|within? about? in? CORE hemisphere? uncertain?",),
    # One side of a range may leave to the other what they share: "24-25 декабря".
    "SIDE": ("POINT", "n nth?", "in? ordinal"),
}

_WINDOWS = {
    "at": ("A:POINT",),
    "until": ("until|until_end B:POINT", "until_end B:PERIOD"),
    "until_unknown": ("until|until_end B:POINT start_unknown",),
    "before": ("before B:POINT",),
    "since": ("from A:POINT onwards?", "A:POINT onwards"),
    "since_unknown": ("from A:POINT end_unknown",),
    "after": ("after A:POINT",),
    "within": (
        "within n|number unit|year_word",
        "within unit",
        "within n|number? unit|year_word counted|after|from anchor",
    ),
    # Last, so that the dash of a winter is not taken for that of a range.
    "dash": ("in? A:SIDE dash B:SIDE",),
    "range": (
        "from A:SIDE to|until|dash B:SIDE",
        "A:SIDE to B:SIDE",
        "between A:SIDE and B:SIDE",
    ),
}

_QUARTER = forms("квартал", "квартале", "квартала", "квартал", "квартала")
_HALF = forms("полугодие", "полугодии", "полугодия", "полугодие", "полугодия")
_NTH_QUARTERS = (
    forms("первый", "первом", "первого", "первый", "первого"),
    forms("второй", "втором", "второго", "второй", "второго"),
    forms("третий", "третьем", "третьего", "третий", "третьего"),
    forms("четвёртый", "четвёртом", "четвёртого", "четвёртый", "четвёртого"),
)
_NTH_HALVES = (
    forms("первое", "первом", "первого", "первое", "первого"),
    forms("второе", "втором", "второго", "второе", "второго"),
)

_PRINTING = Printing(
    months=tuple(forms(name, loc, gen, name, gen) for name, gen, loc, _dative in _MONTHS),
    seasons=tuple(forms(row[0], row[1], row[2], row[3], row[2]) for row in _SEASONS),
    quarters=tuple(nth.with_noun(_QUARTER) for nth in _NTH_QUARTERS),
    halves=tuple(nth.with_noun(_HALF) for nth in _NTH_HALVES),
    points={
        Precision.DAY: forms("{day} {month:of} {year} года"),
        Precision.MONTH: forms(
            "{month} {year} года",
            "{about}в {month:when} {year} года",
            "{month:from} {year} года",
            "{month:to} {year} года",
            "{month:of} {year} года",
        ),
        Precision.SEASON: forms(
            "{season} {year} года",
            "{season:when} {year} года",
            "{season:from} {year} года",
            "{season:to} {year} года",
            "{season:of} {year} года",
        ),
        Precision.QUARTER: forms(
            "{quarter} {year} года",
            "{about}в {quarter:when} {year} года",
            "{quarter:from} {year} года",
            "{quarter:to} {year} года",
            "{quarter:of} {year} года",
        ),
        Precision.HALF: forms(
            "{half} {year} года",
            "{about}в {half:when} {year} года",
            "{half:from} {year} года",
            "{half:to} {year} года",
            "{half:of} {year} года",
        ),
        Precision.YEAR: forms(
            "{year} год", "{about}в {year} году", "{year} года", "{year} год", "{year} года"
        ),
        Precision.DECADE: forms(
            "{year}-е годы",
            "{about}в {year}-х годах",
            "{year}-х годов",
            "{year}-е годы",
            "{year}-х годов",
        ),
        Precision.CENTURY: forms(
            "один из {years} годов",
            "{about}в одном из {years} годов",
            "одного из {years} годов",
            "один из {years} годов",
            "одного из {years} годов",
        ),
        Precision.SOME_MONTH_OF_YEAR: forms(
            "один из месяцев {year} года",
            "{about}в один из месяцев {year} года",
            "одного из месяцев {year} года",
            "один из месяцев {year} года",
            "одного из месяцев {year} года",
        ),
        Precision.SOME_DAY_OF_MONTH: forms(
            "один из дней {month:of} {year} года",
            "{about}в один из дней {month:of} {year} года",
            "одного из дней {month:of} {year} года",
            "один из дней {month:of} {year} года",
            "одного из дней {month:of} {year} года",
        ),
        Precision.SOME_DAY_OF_YEAR: forms(
            "один из дней {year} года",
            "{about}в один из дней {year} года",
            "одного из дней {year} года",
            "один из дней {year} года",
            "одного из дней {year} года",
        ),
    },
    crossing_season=forms(
        "{season} {years} годов",
        "{season:when} {years} годов",
        "{season:from} {years} годов",
        "{season:to} {years} годов",
        "{season:of} {years} годов",
    ),
    year_span=forms("{years} годы", "в {years} годах"),
    short={
        Precision.DAY: forms("{day} {month:of}"),
        Precision.MONTH: forms("{month}", from_="{month:from}", to="{month:to}"),
        Precision.SEASON: forms("{season}", from_="{season:from}", to="{season:to}"),
    },
    year_comes_first=False,
    from_to="с {start:from} по {end:to}",
    since="с {start:from}",
    until_end_of="до конца {end:of}",
    no_later_than="не позднее {end:of}",
    end_unknown="{words}, окончание неизвестно",
    start_unknown="{words}, начало неизвестно",
    about="примерно ",
    uncertain=" (под вопросом)",
    northern=" (Северное полушарие)",
    southern=" (Южное полушарие)",
    undated="без даты",
    # The short words are spoken with a vowel before some numbers: "со второго", "во втором".
    repairs=((r"\bс (втор|2 )", r"со \1"), (r"\bв (втор)", r"во \1")),
)

RUSSIAN = Language(
    code="ru",
    words=_WORDS,
    parts=_PARTS,
    windows=_WINDOWS,
    printing=_PRINTING,
    day_month_year=True,
    unclear={"в течение года": ("в этом году", "в течение одного года")},
    undated=(
        "без даты",
        "дата не указана",
        "дата не назначена",
        "срок не указан",
        "срок не определён",
        "скоро",
        "вскоре",
        "в скором времени",
        "в ближайшее время",
        "в ближайшем будущем",
        "в обозримом будущем",
        "в будущем",
        "в дальнейшем",
        "в ближайшие годы",
        "в ближайшие несколько лет",
        "в ближайшие месяцы",
        "в ближайшие несколько месяцев",
        "в ближайшие недели",
        "в ближайшие дни",
        "в предстоящие годы",
        "в следующие несколько лет",
        "как можно скорее",
        "когда-нибудь",
        # The state of the thing and no time at all.
        "обсуждается",
        "обсуждаются перспективы",
        "на повестке дня",
        "предложено",
        "подписано",
        "в работе",
        "ведётся работа",
        # The day of the agreement is not the day by which the thing agreed on will be done.
        "соглашение подписано сегодня",
    ),
    examples=(
        "2026 год",
        "в 2026 году",
        "весна 2025 года",
        "весной 2025 года",
        "зима 2024-2025 годов",
        "январь 2025 года",
        "в январе 2025 года",
        "9 мая 2025 года",
        "09.05.2025",
        "первый квартал 2026 года",
        "во втором полугодии 2026 года",
        "в начале 2026 года",
        "в середине 2026 года",
        "в конце 2026 года",
        "24-25 декабря 2024 года",
        "2021-2025 годы",
        "с 2024 по 2026 год",
        "до конца 2026 года",
        "не позднее 1 июля 2026 года",
        "до начала 2026 года",
        "с апреля 2026 года",
        "в течение 40 дней со дня подписания",
        "примерно 2026 год",
        "сегодня",
        "завтра",
        "вчера",
        "в этом году",
        "в следующем году",
        "в будущем году",
        "в следующем месяце",
        "в январе следующего года",
        "этой осенью",
        "весной следующего года",
        "до конца года",
        "вскоре",
        "в ближайшее время",
        "в ближайшие годы",
        "без даты",
    ),
)
