"""Kazakh: every word and pattern that is read, every template that is printed.

The endings follow vowel harmony and the last sound of the word (мамырда, көктемде, қыста,
қазаннан), so they stand here in full. The year comes first and is said once: "2024 жылғы 24-25
желтоқсан". A word in the ablative ("қаңтардан") says "from" by itself and is listed apart.

Decided here: "2026 жылға дейін" and "2026 жылға қарай" leave all of 2026: what is not yet late must
not be called late.
"""

from __future__ import annotations

from commitments.phrases.table import Forms, Language, Printing, Words, forms, numbered
from commitments.window import Precision

# Name, locative (when), ablative (from), dative (to), genitive (of).
_MONTHS = (
    forms("қаңтар", "қаңтарда", "қаңтардан", "қаңтарға", "қаңтардың"),
    forms("ақпан", "ақпанда", "ақпаннан", "ақпанға", "ақпанның"),
    forms("наурыз", "наурызда", "наурыздан", "наурызға", "наурыздың"),
    forms("сәуір", "сәуірде", "сәуірден", "сәуірге", "сәуірдің"),
    forms("мамыр", "мамырда", "мамырдан", "мамырға", "мамырдың"),
    forms("маусым", "маусымда", "маусымнан", "маусымға", "маусымның"),
    forms("шілде", "шілдеде", "шілдеден", "шілдеге", "шілденің"),
    forms("тамыз", "тамызда", "тамыздан", "тамызға", "тамыздың"),
    forms("қыркүйек", "қыркүйекте", "қыркүйектен", "қыркүйекке", "қыркүйектің"),
    forms("қазан", "қазанда", "қазаннан", "қазанға", "қазанның"),
    forms("қараша", "қарашада", "қарашадан", "қарашаға", "қарашаның"),
    forms("желтоқсан", "желтоқсанда", "желтоқсаннан", "желтоқсанға", "желтоқсанның"),
)
# By themselves, and as owned by a year ("2025 жылдың көктемі").
_SEASONS = (
    forms("көктем", "көктемде", "көктемнен", "көктемге", "көктемнің"),
    forms("жаз", "жазда", "жаздан", "жазға", "жаздың"),
    forms("күз", "күзде", "күзден", "күзге", "күздің"),
    forms("қыс", "қыста", "қыстан", "қысқа", "қыстың"),
)
_OWNED_SEASONS = (
    forms("көктемі", "көктемінде", "көктемінен", "көктеміне", "көктемінің"),
    forms("жазы", "жазында", "жазынан", "жазына", "жазының"),
    forms("күзі", "күзінде", "күзінен", "күзіне", "күзінің"),
    forms("қысы", "қысында", "қысынан", "қысына", "қысының"),
)
_QUARTER = forms("тоқсан", "тоқсанда", "тоқсаннан", "тоқсанға", "тоқсанның")
_OWNED_QUARTER = forms("тоқсаны", "тоқсанында", "тоқсанынан", "тоқсанына", "тоқсанының")
_OWNED_HALF = forms("жартысы", "жартысында", "жартысынан", "жартысына", "жартысының")
_HALF_YEAR = forms(
    "жартыжылдық", "жартыжылдықта", "жартыжылдықтан", "жартыжылдыққа", "жартыжылдықтың"
)
_OWNED_HALF_YEAR = forms(
    "жартыжылдығы",
    "жартыжылдығында",
    "жартыжылдығынан",
    "жартыжылдығына",
    "жартыжылдығының",
)
_YEAR = forms("жыл", "жылы", "жылдан", "жылға", "жылдың")
_YEARS = forms("жылдар", "жылдары", "жылдардан", "жылдарға", "жылдардың")
_MONTH = forms("ай", "айда", "айдан", "айға", "айдың")
_WEEK = forms("апта", "аптада", "аптадан", "аптаға", "аптаның")
_ONE_MONTH = forms("бір айы", "бір айында", "бір айынан", "бір айына", "бір айының")
_ONE_DAY = forms("бір күні", "бір күнінде", "бір күнінен", "бір күніне", "бір күнінің")
_ONE_OF = forms("бірі", "бірінде", "бірінен", "біріне", "бірінің")
_START = forms("басы", "басында", "басынан", "басына", "басының")
_MIDDLE = forms("ортасы", "ортасында", "ортасынан", "ортасына", "ортасының")
_END = forms("соңы", "соңында", "соңынан", "соңына", "соңының")
_LATE = forms("аяғы", "аяғында", "аяғынан", "аяғына", "аяғының")

_NTH = ("бірінші", "екінші", "үшінші", "төртінші")
_ROMAN = ("I", "II", "III", "IV")
_ROMAN_IN_CYRILLIC = ("І", "ІІ", "ІІІ", "ІV")


def _but_from(*words: Forms) -> tuple[str, ...]:
    """All forms but the ablative, which says "from" as well."""
    return tuple(dict.fromkeys(text for word in words for c, text in word.items() if c != "from"))


def _from(*words: Forms) -> tuple[str, ...]:
    return tuple(word["from"] for word in words)


def _pointed(adjectives: tuple[str, ...], *nouns: str) -> tuple[str, ...]:
    return tuple(f"{adjective} {noun}" for adjective in adjectives for noun in nouns)


_THIS = ("осы", "биылғы", "ағымдағы", "бұл", "үстіміздегі")
_NEXT = ("келесі", "келер")
_LAST = ("өткен", "былтырғы")
_YEAR_FORMS = (*_but_from(_YEAR), "жылғы", "жылда")

_WORDS: Words = {
    "month": numbered(*(_but_from(word) for word in _MONTHS)),
    "season": numbered(
        *(_but_from(bare, owned) for bare, owned in zip(_SEASONS, _OWNED_SEASONS, strict=True))
    ),
    "ordinal": numbered(*zip(_NTH, _ROMAN, _ROMAN_IN_CYRILLIC, strict=True)),
    "number": {
        1: ("бір",),
        2: ("екі",),
        3: ("үш",),
        4: ("төрт",),
        5: ("бес",),
        6: ("алты",),
        7: ("жеті",),
        8: ("сегіз",),
        9: ("тоғыз",),
        10: ("он",),
        12: ("он екі",),
        15: ("он бес",),
        20: ("жиырма",),
        30: ("отыз",),
        40: ("қырық",),
        60: ("алпыс",),
        100: ("жүз",),
    },
    "nth": {
        0: (
            "- ші",
            "- шы",
            "- інші",
            "- ыншы",
            "- ншы",
            "- нші",
            "- ы",
            "- і",
            "- сы",
            "- сі",
            "- ында",
            "- інде",
            "- сында",
            "- сінде",
            "- ына",
            "- іне",
            "- сына",
            "- сіне",
        )
    },
    "quarter": {0: (*_but_from(_QUARTER, _OWNED_QUARTER), "- тоқсан", "- тоқсаны")},
    "half": {0: (*_but_from(_OWNED_HALF, _HALF_YEAR, _OWNED_HALF_YEAR), "- жартыжылдық")},
    "year_word": {
        0: (*_YEAR_FORMS, *_but_from(_YEARS), "жж", "ж", "жылдағы", "- жыл", "- жылы", "- жылғы")
    },
    "unit": {
        "day": ("күн", "күні", "күннің", "күнге"),
        "week": (*_but_from(_WEEK),),
        "month": (*_but_from(_MONTH), "айы", "айында", "айының", "айына", "айлары", "айларында"),
    },
    "relative_year": {
        0: ("биыл", "биылғы", "биылға", *_pointed(_THIS, *_YEAR_FORMS)),
        1: (*_pointed((*_NEXT, "алдағы", "таяу"), *_YEAR_FORMS),),
        2: _pointed(("келесі жылдан кейінгі",), *_YEAR_FORMS),
        -1: ("былтыр", "былтырғы", *_pointed(_LAST, *_YEAR_FORMS)),
    },
    "relative_month": {
        0: _pointed(_THIS, *_but_from(_MONTH)),
        1: _pointed((*_NEXT, "алдағы"), *_but_from(_MONTH)),
        -1: _pointed(_LAST, *_but_from(_MONTH)),
    },
    "relative_week": {
        0: _pointed(_THIS, *_but_from(_WEEK)),
        1: _pointed((*_NEXT, "алдағы"), *_but_from(_WEEK)),
        -1: _pointed(_LAST, *_but_from(_WEEK)),
    },
    "relative_quarter": {
        0: _pointed(_THIS, *_but_from(_QUARTER)),
        1: _pointed((*_NEXT, "алдағы"), *_but_from(_QUARTER)),
        -1: _pointed(_LAST, *_but_from(_QUARTER)),
    },
    "relative_day": {
        0: ("бүгін", "бүгінгі күн", "бүгінгі күні", "жаңа ғана қол қойылды"),
        1: ("ертең", "ертеңгі күн", "ертеңгі күні"),
        2: ("бүрсігүні", "бүрсүгүні"),
        -1: ("кеше", "кешегі күні"),
        -2: ("алдыңғы күні", "арғы күні"),
    },
    "pointer": {
        "this": ("осы", "бұл"),
        "next": _NEXT,
        "coming": ("алдағы", "таяудағы", "жақындағы"),
        "past": ("өткен", "жақында өткен"),
    },
    "third": {
        1: (*_but_from(_START), "бас кезі", "бас кезінде"),
        2: _but_from(_MIDDLE),
        3: _but_from(_END, _LATE),
    },
    "some_year": {0: _but_from(_ONE_OF)},
    "some": {
        "month": _but_from(_ONE_MONTH),
        "day": _but_from(_ONE_DAY),
    },
    "decade": {0: tuple(f"- {text}" for text in (*_but_from(_YEARS), "жылдарда"))},
    "until": {0: ("дейін", "шейін", "қарай")},
    "until_end": {
        0: (
            "соңына дейін",
            "соңына шейін",
            "аяғына дейін",
            "аяғына шейін",
            "соңына қарай",
            "аяғына қарай",
            "соңынан кешіктірмей",
            "аяғынан кешіктірмей",
        )
    },
    "no_later": {0: ("кешіктірмей", "кешіктірілмей", "кеш емес", "кешікпей")},
    "no_earlier": {0: ("ерте емес",)},
    "before": {0: ("бұрын", "ерте")},
    "since": {0: ("бастап",)},
    "after": {0: ("кейін", "соң")},
    "and": {0: ("мен", "бен", "пен", "және")},
    "between": {0: ("аралығында", "аралығы", "арасында")},
    "within": {0: ("ішінде",)},
    "anchor": {
        "source": ("осы мәлімдемеден", "мәлімдемеден", "келіссөзден"),
        "signing": (
            "қол қойылған күннен",
            "қол қойылған күнінен",
            "қол қойылғаннан",
            "қол қойғаннан",
            "қол қойылған",
            "қол қойған күннен",
        ),
        "entry_into_force": (
            "күшіне енген күннен",
            "күшіне енгеннен",
            "күшіне енген",
            "күшіне енген күнінен",
        ),
        "ratification": (
            "ратификацияланған күннен",
            "ратификациялағаннан",
            "ратификациядан",
            "ратификацияланғаннан",
        ),
        "adoption": ("қабылданған күннен", "қабылданғаннан", "қабылданған"),
        "publication": ("жарияланған күннен", "жарияланғаннан", "жарияланған"),
    },
    "about": {0: ("шамамен", "шамалап алғанда", "~")},
    "uncertain": {0: ("(анық емес)", "(нақты емес)", "(?)", "?")},
    "hemisphere": {
        "north": ("(Солтүстік жарты шар)",),
        "south": ("(Оңтүстік жарты шар)",),
    },
    "end_unknown": {0: ("аяқталуы белгісіз",)},
    "start_unknown": {0: ("басталуы белгісіз",)},
    "filler": {0: ("жоспар бойынша", "жоспарға сай", "жоспарланғандай", "келісім бойынша")},
}

_WORDS_WITH_FROM: Words = {
    "month": numbered(*(_from(word) for word in _MONTHS)),
    "season": numbered(
        *(_from(bare, owned) for bare, owned in zip(_SEASONS, _OWNED_SEASONS, strict=True))
    ),
    "quarter": {0: _from(_QUARTER, _OWNED_QUARTER)},
    "half": {0: _from(_OWNED_HALF, _HALF_YEAR, _OWNED_HALF_YEAR)},
    "year_word": {0: _from(_YEAR, _YEARS)},
    "unit": {
        "day": ("күннен", "күнінен"),
        "week": _from(_WEEK),
        "month": (*_from(_MONTH), "айынан"),
    },
    "relative_year": {
        0: ("биылдан", *_pointed(_THIS, *_from(_YEAR))),
        1: _pointed((*_NEXT, "алдағы"), *_from(_YEAR)),
        -1: ("былтырдан", *_pointed(_LAST, *_from(_YEAR))),
    },
    "relative_month": {1: _pointed((*_NEXT, "алдағы"), *_from(_MONTH))},
    "relative_day": {0: ("бүгіннен",), 1: ("ертеңнен",), -1: ("кешеден",)},
    "third": {1: _from(_START), 2: _from(_MIDDLE), 3: _from(_END, _LATE)},
    "some_year": {0: _from(_ONE_OF)},
    "some": {"month": _from(_ONE_MONTH), "day": _from(_ONE_DAY)},
    "decade": {0: tuple(f"- {text}" for text in _from(_YEARS))},
    "nth": {0: ("- нан", "- нен", "- інен", "- ынан", "- сінен", "- сынан")},
}

_PARTS = {
    "YEAR": ("y nth? year_word?", "relative_year"),
    "NTH": ("ordinal", "n nth?"),
    "CORE": (
        "date",
        "YEAR",
        "YEAR? n nth? month unit?",
        "n month y year_word?",
        "YEAR? month n nth? unit?",
        "YEAR? month unit?",
        "y dash|slash y|n year_word? season",
        "YEAR? season unit?",
        "pointer month|season unit?",
        "YEAR|year_word NTH quarter|half",
        "NTH quarter|half",
        "YEAR|year_word third",
        "YEAR? month third",
        "relative_day|relative_week|relative_month|relative_quarter",
        "y dash y year_word some_year",
        "YEAR some",
        "YEAR month some",
        "y decade",
    ),
    "PERIOD": ("year_word|unit|quarter",),
    "POINT": ("about? CORE hemisphere? uncertain?",),
    # A side that says "from" by its ending.
    "FROM": ("about? CORE from_case unit? hemisphere? uncertain?",),
    # One side of a range may leave to the other what they share: "24-25 желтоқсан".
    "SIDE": ("POINT", "YEAR? n nth?", "YEAR? ordinal"),
    "FROM_SIDE": ("FROM", "YEAR? n nth from_case"),
}

_WINDOWS = {
    "at": ("A:POINT",),
    "until": (
        "B:POINT until|until_end",
        "B:PERIOD until_end",
        "B:FROM no_later",
    ),
    "until_unknown": ("B:POINT until|until_end start_unknown", "B:FROM no_later start_unknown"),
    "before": ("B:FROM before",),
    "since": ("A:FROM since|no_earlier",),
    "since_unknown": ("A:FROM since|no_earlier end_unknown",),
    "after": ("A:FROM after",),
    "within": (
        "n|number unit|year_word within",
        "anchor since|after? n|number unit|year_word within",
    ),
    # Last, so that the dash of a winter is not taken for that of a range.
    "dash": ("A:SIDE dash B:SIDE",),
    "range": (
        "A:FROM_SIDE since? B:SIDE until",
        "A:SIDE and B:SIDE between",
        "A:SIDE dash B:SIDE between",
    ),
}


def _owned(template: str) -> Forms:
    """A template in all cases, each with the same case of its last word."""
    cases: tuple[str, ...] = ("name", "when", "from", "to", "of")
    return forms(*(template.replace(":case", f":{case}") for case in cases))


_PRINTING = Printing(
    months=_MONTHS,
    seasons=_OWNED_SEASONS,
    quarters=tuple(forms(*(f"{nth} {text}" for text in _OWNED_QUARTER.values())) for nth in _NTH),
    halves=tuple(forms(*(f"{nth} {text}" for text in _OWNED_HALF.values())) for nth in _NTH[:2]),
    points={
        Precision.DAY: _owned("{year} жылғы {day} {month:case}"),
        Precision.MONTH: _owned("{year} жылғы {month:case}"),
        Precision.SEASON: _owned("{year} жылдың {season:case}"),
        Precision.QUARTER: _owned("{year} жылдың {quarter:case}"),
        Precision.HALF: _owned("{year} жылдың {half:case}"),
        Precision.YEAR: forms(*(f"{{year}} {text}" for text in _YEAR.values())),
        Precision.DECADE: forms(*(f"{{year}}-{text}" for text in _YEARS.values())),
        Precision.CENTURY: forms(*(f"{{years}} жылдардың {text}" for text in _ONE_OF.values())),
        Precision.SOME_MONTH_OF_YEAR: forms(
            *(f"{{year}} жылдың {text}" for text in _ONE_MONTH.values())
        ),
        Precision.SOME_DAY_OF_MONTH: forms(
            *(f"{{year}} жылғы {{month:of}} {text}" for text in _ONE_DAY.values())
        ),
        Precision.SOME_DAY_OF_YEAR: forms(
            *(f"{{year}} жылдың {text}" for text in _ONE_DAY.values())
        ),
    },
    crossing_season=_owned("{years} жылдың {season:case}"),
    year_span=forms(*(f"{{years}} {text}" for text in _YEARS.values())),
    short={
        Precision.DAY: _owned("{day} {month:case}"),
        Precision.MONTH: _owned("{month:case}"),
        Precision.SEASON: _owned("{season:case}"),
    },
    year_comes_first=True,
    from_to="{start:from} {end:to} дейін",
    since="{start:from} бастап",
    until_end_of="{end:of} соңына дейін",
    no_later_than="{end:from} кешіктірмей",
    end_unknown="{words}, аяқталуы белгісіз",
    start_unknown="{words}, басталуы белгісіз",
    about="шамамен ",
    uncertain=" (анық емес)",
    northern=" (Солтүстік жарты шар)",
    southern=" (Оңтүстік жарты шар)",
    undated="мерзімі көрсетілмеген",
)

KAZAKH = Language(
    code="kk",
    words=_WORDS,
    words_with_from=_WORDS_WITH_FROM,
    parts=_PARTS,
    windows=_WINDOWS,
    printing=_PRINTING,
    day_month_year=True,
    unclear={"жыл ішінде": ("биыл", "бір жыл ішінде")},
    undated=(
        "мерзімі көрсетілмеген",
        "мерзімсіз",
        "мерзімі белгісіз",
        "мерзімі белгіленбеген",
        "күні белгісіз",
        "жақында",
        "жуырда",
        "жақын арада",
        "таяу арада",
        "жақын уақытта",
        "таяу уақытта",
        "таяу болашақта",
        "жақын болашақта",
        "болашақта",
        "алдағы жылдары",
        "алдағы жылдарда",
        "алдағы бірнеше жылда",
        "таяудағы жылдары",
        "таяу жылдары",
        "жақын жылдары",
        "алдағы айларда",
        "алдағы күндері",
        "мүмкіндігінше тезірек",
        "кейінірек",
        # The state of the thing and no time at all.
        "талқылануда",
        "күн тәртібінде",
        "ұсынылды",
        "қол қойылды",
        "жүзеге асырылуда",
        # The day of the agreement is not the day by which the thing agreed on will be done.
        "келісімге бүгін қол қойылды",
    ),
    examples=(
        "2026 жыл",
        "2026 жылы",
        "2025 жылдың көктемі",
        "2025 жылдың көктемінде",
        "2024-2025 жылдың қысы",
        "2025 жылғы қаңтар",
        "2025 жылғы қаңтарда",
        "2025 жылғы 9 мамыр",
        "09.05.2025",
        "2026 жылдың бірінші тоқсаны",
        "2026 жылдың екінші жартысында",
        "2026 жылдың басында",
        "2026 жылдың ортасында",
        "2026 жылдың соңында",
        "2024 жылғы 24-25 желтоқсан",
        "2021-2025 жылдар",
        "2024 жылдан 2026 жылға дейін",
        "2026 жылдың соңына дейін",
        "2026 жылғы 1 шілдеден кешіктірмей",
        "2026 жылдан бұрын",
        "2026 жылғы сәуірден бастап",
        "қол қойылған күннен бастап 40 күн ішінде",
        "шамамен 2026 жыл",
        "бүгін",
        "ертең",
        "кеше",
        "биыл",
        "келесі жылы",
        "келесі айда",
        "келесі жылғы қаңтарда",
        "осы күзде",
        "өткен тамызда",
        "келесі жылдың көктемінде",
        "жылдың соңына дейін",
        "жақында",
        "жақын арада",
        "таяу жылдары",
        "мерзімі көрсетілмеген",
    ),
)
