"""Windows in words: what is printed in each language, by itself and as an answer to "when"."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from commitments.phrases import LANGUAGES, window_in_words
from commitments.window import Window
from tests.commitments.windows import window_texts

# EDTF: English, Russian, Kazakh, each as a name and as "when".
PRINTED = {
    "2025": (
        ("2025", "in 2025"),
        ("2025 год", "в 2025 году"),
        ("2025 жыл", "2025 жылы"),
    ),
    "2025-21": (
        ("spring 2025", "in spring 2025"),
        ("весна 2025 года", "весной 2025 года"),
        ("2025 жылдың көктемі", "2025 жылдың көктемінде"),
    ),
    "2025-22": (
        ("summer 2025", "in summer 2025"),
        ("лето 2025 года", "летом 2025 года"),
        ("2025 жылдың жазы", "2025 жылдың жазында"),
    ),
    "2025-23": (
        ("autumn 2025", "in autumn 2025"),
        ("осень 2025 года", "осенью 2025 года"),
        ("2025 жылдың күзі", "2025 жылдың күзінде"),
    ),
    "2024-24": (
        ("winter 2024–2025", "in winter 2024–2025"),
        ("зима 2024–2025 годов", "зимой 2024–2025 годов"),
        ("2024–2025 жылдың қысы", "2024–2025 жылдың қысында"),
    ),
    "2025-05-09": (
        ("9 May 2025", "on 9 May 2025"),
        ("9 мая 2025 года", "9 мая 2025 года"),
        ("2025 жылғы 9 мамыр", "2025 жылғы 9 мамырда"),
    ),
    "2025-01": (
        ("January 2025", "in January 2025"),
        ("январь 2025 года", "в январе 2025 года"),
        ("2025 жылғы қаңтар", "2025 жылғы қаңтарда"),
    ),
    "2026-33": (
        ("first quarter of 2026", "in the first quarter of 2026"),
        ("первый квартал 2026 года", "в первом квартале 2026 года"),
        ("2026 жылдың бірінші тоқсаны", "2026 жылдың бірінші тоқсанында"),
    ),
    "2026-34": (
        ("second quarter of 2026", "in the second quarter of 2026"),
        ("второй квартал 2026 года", "во втором квартале 2026 года"),
        ("2026 жылдың екінші тоқсаны", "2026 жылдың екінші тоқсанында"),
    ),
    "2026-41": (
        ("second half of 2026", "in the second half of 2026"),
        ("второе полугодие 2026 года", "во втором полугодии 2026 года"),
        ("2026 жылдың екінші жартысы", "2026 жылдың екінші жартысында"),
    ),
    "2024-12-24/2024-12-25": (
        ("24–25 December 2024", "on 24–25 December 2024"),
        ("24–25 декабря 2024 года", "24–25 декабря 2024 года"),
        ("2024 жылғы 24–25 желтоқсан", "2024 жылғы 24–25 желтоқсанда"),
    ),
    "2026-04-24/2026-05-05": (
        ("24 April – 5 May 2026", "from 24 April to 5 May 2026"),
        ("24 апреля – 5 мая 2026 года", "с 24 апреля по 5 мая 2026 года"),
        ("2026 жылғы 24 сәуір – 5 мамыр", "2026 жылғы 24 сәуірден 5 мамырға дейін"),
    ),
    "2024-12-24/2025-01-05": (
        ("24 December 2024 – 5 January 2025", "from 24 December 2024 to 5 January 2025"),
        (
            "24 декабря 2024 года – 5 января 2025 года",
            "с 24 декабря 2024 года по 5 января 2025 года",
        ),
        (
            "2024 жылғы 24 желтоқсан – 2025 жылғы 5 қаңтар",
            "2024 жылғы 24 желтоқсаннан 2025 жылғы 5 қаңтарға дейін",
        ),
    ),
    "2025-03/2025-05": (
        ("March–May 2025", "from March to May 2025"),
        ("март–май 2025 года", "с марта по май 2025 года"),
        ("2025 жылғы наурыз–мамыр", "2025 жылғы наурыздан мамырға дейін"),
    ),
    "2025-21/2025-23": (
        ("spring–autumn 2025", "from spring to autumn 2025"),
        ("весна–осень 2025 года", "с весны по осень 2025 года"),
        ("2025 жылдың көктемі–күзі", "2025 жылдың көктемінен күзіне дейін"),
    ),
    "2025-21/2026": (
        ("from spring 2025 to 2026", "from spring 2025 to 2026"),
        ("с весны 2025 года по 2026 год", "с весны 2025 года по 2026 год"),
        (
            "2025 жылдың көктемінен 2026 жылға дейін",
            "2025 жылдың көктемінен 2026 жылға дейін",
        ),
    ),
    "2021/2025": (
        ("2021–2025", "in 2021–2025"),
        ("2021–2025 годы", "в 2021–2025 годах"),
        ("2021–2025 жылдар", "2021–2025 жылдары"),
    ),
    "2026~": (
        ("about 2026", "in about 2026"),
        ("примерно 2026 год", "примерно в 2026 году"),
        ("шамамен 2026 жыл", "шамамен 2026 жылы"),
    ),
    "2026?": (
        ("2026 (uncertain)", "in 2026 (uncertain)"),
        ("2026 год (под вопросом)", "в 2026 году (под вопросом)"),
        ("2026 жыл (анық емес)", "2026 жылы (анық емес)"),
    ),
    "2026%": (
        ("about 2026 (uncertain)", "in about 2026 (uncertain)"),
        ("примерно 2026 год (под вопросом)", "примерно в 2026 году (под вопросом)"),
        ("шамамен 2026 жыл (анық емес)", "шамамен 2026 жылы (анық емес)"),
    ),
    "2026-07~/2027?": (
        ("from about July 2026 to 2027 (uncertain)", "from about July 2026 to 2027 (uncertain)"),
        (
            "с примерно июля 2026 года по 2027 год (под вопросом)",
            "с примерно июля 2026 года по 2027 год (под вопросом)",
        ),
        (
            "шамамен 2026 жылғы шілдеден 2027 жылға (анық емес) дейін",
            "шамамен 2026 жылғы шілдеден 2027 жылға (анық емес) дейін",
        ),
    ),
    "201X": (
        ("2010s", "in the 2010s"),
        ("2010-е годы", "в 2010-х годах"),
        ("2010-жылдар", "2010-жылдары"),
    ),
    "20XX": (
        ("some year of 2000–2099", "in some year of 2000–2099"),
        ("один из 2000–2099 годов", "в одном из 2000–2099 годов"),
        ("2000–2099 жылдардың бірі", "2000–2099 жылдардың бірінде"),
    ),
    "2026-XX": (
        ("some month of 2026", "in some month of 2026"),
        ("один из месяцев 2026 года", "в один из месяцев 2026 года"),
        ("2026 жылдың бір айы", "2026 жылдың бір айында"),
    ),
    "2026-04-XX": (
        ("some day of April 2026", "on some day of April 2026"),
        ("один из дней апреля 2026 года", "в один из дней апреля 2026 года"),
        ("2026 жылғы сәуірдің бір күні", "2026 жылғы сәуірдің бір күнінде"),
    ),
    "2025-29": (
        ("spring 2025 (southern hemisphere)", "in spring 2025 (southern hemisphere)"),
        (
            "весна 2025 года (Южное полушарие)",
            "весной 2025 года (Южное полушарие)",
        ),
        (
            "2025 жылдың көктемі (Оңтүстік жарты шар)",
            "2025 жылдың көктемінде (Оңтүстік жарты шар)",
        ),
    ),
    "2025-30": (
        ("summer 2025–2026 (southern hemisphere)", "in summer 2025–2026 (southern hemisphere)"),
        (
            "лето 2025–2026 годов (Южное полушарие)",
            "летом 2025–2026 годов (Южное полушарие)",
        ),
        (
            "2025–2026 жылдың жазы (Оңтүстік жарты шар)",
            "2025–2026 жылдың жазында (Оңтүстік жарты шар)",
        ),
    ),
}
# The same by itself and as an answer to "when".
BOUNDED = {
    "": ("undated", "без даты", "мерзімі көрсетілмеген"),
    "2026-04/..": ("from April 2026", "с апреля 2026 года", "2026 жылғы сәуірден бастап"),
    "2026-34/..": (
        "from the second quarter of 2026",
        "со второго квартала 2026 года",
        "2026 жылдың екінші тоқсанынан бастап",
    ),
    "2026-07-02/..": ("from 2 July 2026", "со 2 июля 2026 года", "2026 жылғы 2 шілдеден бастап"),
    "2026-04/": (
        "from April 2026, end unknown",
        "с апреля 2026 года, окончание неизвестно",
        "2026 жылғы сәуірден бастап, аяқталуы белгісіз",
    ),
    "../2026": ("by the end of 2026", "до конца 2026 года", "2026 жылдың соңына дейін"),
    "../2026-04": (
        "by the end of April 2026",
        "до конца апреля 2026 года",
        "2026 жылғы сәуірдің соңына дейін",
    ),
    "../2025-21": (
        "by the end of spring 2025",
        "до конца весны 2025 года",
        "2025 жылдың көктемінің соңына дейін",
    ),
    "../2026-33": (
        "by the end of the first quarter of 2026",
        "до конца первого квартала 2026 года",
        "2026 жылдың бірінші тоқсанының соңына дейін",
    ),
    "../2026-07-01": (
        "no later than 1 July 2026",
        "не позднее 1 июля 2026 года",
        "2026 жылғы 1 шілдеден кешіктірмей",
    ),
    "../2026~": (
        "no later than about 2026",
        "не позднее примерно 2026 года",
        "шамамен 2026 жылдан кешіктірмей",
    ),
    "/2026": (
        "by the end of 2026, start unknown",
        "до конца 2026 года, начало неизвестно",
        "2026 жылдың соңына дейін, басталуы белгісіз",
    ),
}
# Each month by vowel harmony and last sound: when, from, to, the end of.
KAZAKH_MONTHS = (
    ("қаңтарда", "қаңтардан", "қаңтарға", "қаңтардың"),
    ("ақпанда", "ақпаннан", "ақпанға", "ақпанның"),
    ("наурызда", "наурыздан", "наурызға", "наурыздың"),
    ("сәуірде", "сәуірден", "сәуірге", "сәуірдің"),
    ("мамырда", "мамырдан", "мамырға", "мамырдың"),
    ("маусымда", "маусымнан", "маусымға", "маусымның"),
    ("шілдеде", "шілдеден", "шілдеге", "шілденің"),
    ("тамызда", "тамыздан", "тамызға", "тамыздың"),
    ("қыркүйекте", "қыркүйектен", "қыркүйекке", "қыркүйектің"),
    ("қазанда", "қазаннан", "қазанға", "қазанның"),
    ("қарашада", "қарашадан", "қарашаға", "қарашаның"),
    ("желтоқсанда", "желтоқсаннан", "желтоқсанға", "желтоқсанның"),
)


@pytest.mark.parametrize("edtf", PRINTED)
def test_printer_writes_names_and_when(edtf: str) -> None:
    window = Window.parse(edtf)
    printed = tuple(
        (window_in_words(window, code), window_in_words(window, code, form="when"))
        for code in ("en", "ru", "kk")
    )
    assert printed == PRINTED[edtf]


@pytest.mark.parametrize("edtf", BOUNDED)
def test_printer_writes_bounds(edtf: str) -> None:
    window = Window.parse(edtf)
    assert tuple(window_in_words(window, code) for code in LANGUAGES) == BOUNDED[edtf]
    assert tuple(window_in_words(window, code, form="when") for code in LANGUAGES) == BOUNDED[edtf]


@pytest.mark.parametrize("month", range(1, 13))
def test_printer_declines_kazakh_months(month: int) -> None:
    when, from_, to, of = KAZAKH_MONTHS[month - 1]
    text = f"2026-{month:02}"

    def words(edtf: str) -> str:
        return window_in_words(Window.parse(edtf), "kk", form="when")

    assert words(text) == f"2026 жылғы {when}"
    assert words(f"{text}/..") == f"2026 жылғы {from_} бастап"
    assert words(f"2025/{text}") == f"2025 жылдан 2026 жылғы {to} дейін"
    assert words(f"../{text}") == f"2026 жылғы {of} соңына дейін"


@pytest.mark.parametrize(
    ("month", "when"),
    [
        (1, "январе"),
        (2, "феврале"),
        (3, "марте"),
        (4, "апреле"),
        (5, "мае"),
        (6, "июне"),
        (7, "июле"),
        (8, "августе"),
        (9, "сентябре"),
        (10, "октябре"),
        (11, "ноябре"),
        (12, "декабре"),
    ],
)
def test_printer_declines_russian_months(month: int, when: str) -> None:
    window = Window.parse(f"2026-{month:02}")
    assert window_in_words(window, "ru", form="when") == f"в {when} 2026 года"


@pytest.mark.parametrize("code", ["de", "", "xx-YY", "english"])
def test_printer_falls_back_to_english(code: str) -> None:
    assert window_in_words(Window.parse("2025-21"), code) == "spring 2025"


@pytest.mark.parametrize("code", ["kk", "kk-KZ", "kk_KZ", "KK"])
def test_printer_knows_a_language_by_any_of_its_codes(code: str) -> None:
    assert window_in_words(Window.parse("2025-21"), code) == "2025 жылдың көктемі"


def test_printer_keeps_four_digits_of_early_years() -> None:
    assert window_in_words(Window.parse("0009-05-09"), "en") == "9 May 0009"


@settings(deadline=None)
@given(window_texts())
def test_printer_prints_every_window(text: str) -> None:
    window = Window.parse(text)
    for code in LANGUAGES:
        for words in (
            window_in_words(window, code),
            window_in_words(window, code, form="when"),
        ):
            assert words.isprintable()
            assert words == " ".join(words.split())
            assert "{" not in words
