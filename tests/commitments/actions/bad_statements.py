"""A hundred ways of a bad statement file, each with the problem that is told about it."""

from __future__ import annotations

# Each: a place in the document, what stands there, and the problem
# that is told about it: the row, the field, and the fix.

Place = tuple[str | int, ...]
LAUNCH: Place = ("commitments", 1)
TALKS: Place = ("sources", 0)
PRESIDENT: Place = ("parties", 1)
SPACE: Place = ("topics", 0)
LEFT_OUT = object()
CHARACTER = "Remove the control character U+{} at position {}."
UNKNOWN = "there is no “{}”; add it to the file or correct the key."
KEY = "has to be a key: letters a to z, digits, - and _, 100 at most."
KEYS = "has to be a list of keys: letters a to z, digits, - and _, 100 at most."
TEXT, LIST, OBJECT, NUMBER = "a text", "a list", "an object", "a number"
TYPE = "has to be {}."
MISSING = "is missing; add it."
TOO_LONG = "Ensure this value has at most {} characters (it has {})."
EDTF = (
    "{} is not a date in EDTF: write a year (2026), month (2026-04), day (2026-04-09), season "
    "(2026-21), quarter (2026-33), half (2026-40), or two of them with / between."
)

BAD: list[tuple[Place, object, str]] = [
    # Texts
    ((*LAUNCH, "title"), LEFT_OUT, f"title: {MISSING}"),
    ((*LAUNCH, "title"), None, f"title: {MISSING}"),
    ((*LAUNCH, "title"), "", f"title: {MISSING}"),
    (
        (*LAUNCH, "title"),
        " \t",
        f"title: {CHARACTER.format('0009', 2)}",
    ),
    (
        (*LAUNCH, "title"),
        "\u200b",
        "title: Write something that can be seen, or leave it empty.",
    ),
    ((*LAUNCH, "title"), 5, f"title: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "title"), True, f"title: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "title"), ["First"], f"title: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "title"), {"en": "First"}, f"title: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "title"), "x" * 301, f"title: {TOO_LONG.format(300, 301)}"),
    ((*LAUNCH, "title"), "x" * 1_000_000, f"title: {TOO_LONG.format(300, 1_000_000)}"),
    ((*LAUNCH, "title"), "a\x00b", f"title: {CHARACTER.format('0000', 2)}"),
    ((*LAUNCH, "title"), "a\x07", f"title: {CHARACTER.format('0007', 2)}"),
    ((*LAUNCH, "title"), "\x1d", f"title: {CHARACTER.format('001D', 1)}"),
    ((*LAUNCH, "title"), "\x7f", f"title: {CHARACTER.format('007F', 1)}"),
    ((*LAUNCH, "title"), "\x85", f"title: {CHARACTER.format('0085', 1)}"),
    ((*LAUNCH, "title"), "a\r\nATTENDEE:x", f"title: {CHARACTER.format('000D', 2)}"),
    ((*LAUNCH, "title"), "a\u2028b", f"title: {CHARACTER.format('2028', 2)}"),
    ((*LAUNCH, "title"), "\ud83d", f"title: {CHARACTER.format('D83D', 1)}"),
    ((*LAUNCH, "title"), "x\udc00", f"title: {CHARACTER.format('DC00', 2)}"),
    ((*LAUNCH, "title"), "\u202etxt.exe", f"title: {CHARACTER.format('202E', 1)}"),
    ((*LAUNCH, "title"), "\u2066x\u2069", f"title: {CHARACTER.format('2066', 1)}"),
    ((*LAUNCH, "title"), "\uffff", f"title: {CHARACTER.format('FFFF', 1)}"),
    ((*LAUNCH, "summary"), "\x1b[31m", f"summary: {CHARACTER.format('001B', 1)}"),
    (
        (*LAUNCH, "summary"),
        "x" * 5001,
        "summary: Shorten this to 5000 characters; it has 5001.",
    ),
    ((*LAUNCH, "summary"), [], f"summary: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "note"), "\ud800", f"note: {CHARACTER.format('D800', 1)}"),
    ((*LAUNCH, "place"), 0, f"place: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "place"), "x" * 201, f"place: {TOO_LONG.format(200, 201)}"),
    ((*LAUNCH, "due_wording"), "a\nb", f"due_wording: {CHARACTER.format('000A', 2)}"),
    ((*LAUNCH, "due_wording"), "x" * 301, f"due_wording: {TOO_LONG.format(300, 301)}"),
    ((*LAUNCH, "locator"), "x" * 101, f"locator: {TOO_LONG.format(100, 101)}"),
    # Dates
    ((*LAUNCH, "due"), "soon", f"due: {EDTF.format('soon')}"),
    ((*LAUNCH, "due"), 2025, f"due: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "due"), {}, f"due: {TYPE.format(TEXT)}"),
    (
        (*LAUNCH, "due"),
        "2025-02-30",
        "due: 2025-02-30 is not a day: that month has 28 days. Correct the day or leave it out.",
    ),
    (
        (*LAUNCH, "due"),
        "2026/2025",
        "due: 2026/2025 ends before it starts: swap or correct the two dates.",
    ),
    (
        (*LAUNCH, "due"),
        "2026-06-02/2026-06-01",
        "due: 2026-06-02/2026-06-01 ends before it starts: swap or correct the two dates.",
    ),
    (
        (*LAUNCH, "due"),
        "2025-13",
        (
            "due: 2025-13 has 13 where a month (01 to 12), a season (21 to 24), a quarter (33 to "
            "36) or a half (40, 41) belongs. Correct it or leave it out."
        ),
    ),
    (
        (*LAUNCH, "due"),
        "12025",
        "due: 12025 has a year of more than four digits: only the years 0001 to 9999 can be used.",
    ),
    (
        (*LAUNCH, "due"),
        "x" * 1_000_000,
        "due: This is too long for a date: write at most 40 characters, such as 2026-04.",
    ),
    (
        (*LAUNCH, "due"),
        "2025\x00",
        "due: 2025U+0000 has a control or invisible character: type the date anew.",
    ),
    (
        (*LAUNCH, "due"),
        "\ud83d",
        "due: U+D83D has a control or invisible character: type the date anew.",
    ),
    ((*TALKS, "date"), "2024-11-31", "date: has to be a day like 2024-11-27."),
    ((*TALKS, "date"), "2024-11", "date: has to be a day like 2024-11-27."),
    ((*TALKS, "date"), "20241127", "date: has to be a day like 2024-11-27."),
    ((*TALKS, "date"), "2024-W48-3", "date: has to be a day like 2024-11-27."),
    ((*TALKS, "date"), "0000-01-01", "date: has to be a day like 2024-11-27."),
    ((*TALKS, "date"), "٢٠٢٤-١١-٢٧", "date: has to be a day like 2024-11-27."),
    ((*TALKS, "date"), 20241127, f"date: {TYPE.format(TEXT)}"),
    ((*TALKS, "date"), LEFT_OUT, f"date: {MISSING}"),
    # Choices
    (
        (*LAUNCH, "kind"),
        "wish",
        "kind: has to be one of: event, milestone, target, programme.",
    ),
    ((*LAUNCH, "kind"), LEFT_OUT, f"kind: {MISSING}"),
    (
        (*LAUNCH, "status"),
        "delivered",
        "status: has to be one of: announced, fulfilled, in_progress, proposed.",
    ),
    ((*LAUNCH, "status"), False, f"status: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "hemisphere"), "east", "hemisphere: has to be one of: north, south."),
    (
        (*LAUNCH, "time_zone"),
        "Mars/Olympus",
        "time_zone: “Mars/Olympus” is not a time zone; write it like Asia/Almaty.",
    ),
    (
        (*TALKS, "kind"),
        "rumour",
        (
            "kind: has to be one of: transcript, statement, agreement, official_record, report, "
            "article, dataset, other."
        ),
    ),
    (
        (*PRESIDENT, "kind"),
        "god",
        "kind: has to be one of: country, organisation, person, region.",
    ),
    # Keys and links
    ((*LAUNCH, "key"), LEFT_OUT, f"key: {MISSING}"),
    ((*LAUNCH, "key"), 7, f"key: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "key"), "a b", f"key: {KEY}"),
    ((*LAUNCH, "key"), "\ud83d", f"key: {KEY}"),
    ((*LAUNCH, "key"), "a\x00", f"key: {KEY}"),
    ((*LAUNCH, "key"), "запуск", f"key: {KEY}"),
    ((*LAUNCH, "key"), "x" * 101, f"key: {KEY}"),
    ((*LAUNCH, "key"), "programme", "key: stands twice; choose another."),
    ((*SPACE, "key"), "x" * 61, f"key: {TOO_LONG.format(60, 61)}"),
    ((*LAUNCH, "source"), "other", f"source: {UNKNOWN.format('other')}"),
    ((*LAUNCH, "source"), LEFT_OUT, f"source: {MISSING}"),
    ((*LAUNCH, "source"), ["talks"], f"source: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "source"), "\x00", f"source: {KEY}"),
    ((*LAUNCH, "said_by"), "nobody", f"said_by: {UNKNOWN.format('nobody')}"),
    ((*LAUNCH, "said_by"), "\udfff", f"said_by: {KEY}"),
    ((*LAUNCH, "parties"), ["ru"], f"parties: {UNKNOWN.format('ru')}"),
    ((*LAUNCH, "parties"), "kz", f"parties: {TYPE.format(LIST)}"),
    ((*LAUNCH, "parties"), ["kz", 5], f"parties: {KEYS}"),
    ((*LAUNCH, "parties"), ["kz", None], f"parties: {KEYS}"),
    ((*LAUNCH, "parties"), [["kz"]], f"parties: {KEYS}"),
    ((*LAUNCH, "topics"), {"space": 1}, f"topics: {TYPE.format(LIST)}"),
    ((*LAUNCH, "topics"), ["\ud83d"], f"topics: {KEYS}"),
    ((*LAUNCH, "topics"), [True], f"topics: {KEYS}"),
    ((*LAUNCH, "topics"), ["x" * 61], f"topics.key: {TOO_LONG.format(60, 61)}"),
    ((*LAUNCH, "parent"), "other", f"parent: {UNKNOWN.format('other')}"),
    ((*LAUNCH, "parent"), 1, f"parent: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "parent"), "launch", "parent: closes a circle; leave it out."),
    ((*PRESIDENT, "of"), "president", "of: closes a circle; leave it out."),
    ((*PRESIDENT, "of"), "eaeu", f"of: {UNKNOWN.format('eaeu')}"),
    ((*PRESIDENT, "of"), {}, f"of: {TYPE.format(TEXT)}"),
    # Quotes and further places
    (
        (*LAUNCH, "quote"),
        "this year, as planned",
        "quote: These words are not in the stored text. Nearest passage: “next year, as planned.”.",
    ),
    (
        (*LAUNCH, "quote"),
        "x" * 1_000_000,
        "quote: Shorten this to 5000 characters; it has 1000000.",
    ),
    ((*LAUNCH, "quote"), "\ud83d", f"quote: {CHARACTER.format('D83D', 1)}"),
    ((*LAUNCH, "also"), {}, f"also: {TYPE.format(LIST)}"),
    ((*LAUNCH, "also"), ["page 2"], "also: has to be a list of objects."),
    ((*LAUNCH, "also"), [None], "also: has to be a list of objects."),
    (
        (*LAUNCH, "also"),
        [{"page": 2}],
        "also.page: is not known here; known: locator, quote, said_by, source.",
    ),
    ((*LAUNCH, "also"), [{"locator": 2}], f"also.locator: {TYPE.format(TEXT)}"),
    ((*LAUNCH, "also"), [{"source": "x"}], f"also.source: {UNKNOWN.format('x')}"),
    (
        (*LAUNCH, "also"),
        [{"locator": "a\nb"}],
        f"also.locator: {CHARACTER.format('000A', 2)}",
    ),
    # Targets and numbers
    ((*LAUNCH, "target"), [], f"target: {TYPE.format(OBJECT)}"),
    ((*LAUNCH, "target"), 5, f"target: {TYPE.format(OBJECT)}"),
    ((*LAUNCH, "target", "goal"), LEFT_OUT, f"target.goal: {MISSING}"),
    ((*LAUNCH, "target", "goal"), "30", f"target.goal: {TYPE.format(NUMBER)}"),
    ((*LAUNCH, "target", "goal"), True, f"target.goal: {TYPE.format(NUMBER)}"),
    ((*LAUNCH, "target", "goal"), [1], f"target.goal: {TYPE.format(NUMBER)}"),
    (
        (*LAUNCH, "target", "goal"),
        10**24,
        "target.goal: Ensure that there are no more than 24 digits in total.",
    ),
    (
        (*LAUNCH, "target", "goal"),
        10**20,
        "target.goal: Ensure that there are no more than 20 digits before the decimal point.",
    ),
    (
        (*LAUNCH, "target", "goal"),
        0.00001,
        "target.goal: Ensure that there are no more than 4 decimal places.",
    ),
    (
        (*LAUNCH, "target", "goal"),
        9007199254740993,
        "target.goal: Round this to 15 significant digits; it has 16.",
    ),
    ((*LAUNCH, "target", "baseline"), False, f"target.baseline: {TYPE.format(NUMBER)}"),
    (
        (*LAUNCH, "target", "comparison"),
        "better than",
        (
            "target.comparison: has to be one of: at_least, more_than, at_most, less_than, "
            "exactly, about."
        ),
    ),
    (
        (*LAUNCH, "target", "baseline_period"),
        "last year",
        f"target.baseline_period: {EDTF.format('last year')}",
    ),
    ((*LAUNCH, "target", "unit"), "x" * 41, f"target.unit: {TOO_LONG.format(40, 41)}"),
    (
        (*LAUNCH, "target", "deadline"),
        "2025",
        (
            "target.deadline: is not known here; known: baseline, baseline_period, comparison, "
            "goal, measure, unit."
        ),
    ),
    # Sources and parties
    (
        (*TALKS, "url"),
        "javascript:alert(1)",
        "url: Enter an address that starts with http:// or https://.",
    ),
    ((*TALKS, "url"), "http://a.org/\x00", f"url: {CHARACTER.format('0000', 14)}"),
    (
        (*TALKS, "archive_url"),
        "ftp://a.org",
        "archive_url: Enter an address that starts with http:// or https://.",
    ),
    ((*TALKS, "independent"), "yes", f"independent: {TYPE.format('true or false')}"),
    ((*TALKS, "independent"), 1, f"independent: {TYPE.format('true or false')}"),
    ((*TALKS, "text"), "\ud83d", f"text: {CHARACTER.format('D83D', 1)}"),
    (
        (*TALKS, "language"),
        "English",
        "language: Write the code of the language, such as “kk”.",
    ),
    ((*PRESIDENT, "country_code"), "kz", "country_code: Two capital letters, as KZ."),
    ((*PRESIDENT, "role"), "a\tb", f"role: {CHARACTER.format('0009', 2)}"),
    ((*SPACE, "name"), LEFT_OUT, f"name: {MISSING}"),
    # Translations
    ((*LAUNCH, "translations"), [], f"translations: {TYPE.format(OBJECT)}"),
    (
        (*LAUNCH, "translations"),
        {"ru": "Запуск"},
        (
            "translations: Write translations as {“ru”: {“title”: “…”}}; fields: measure, "
            "name, note, office, place, summary, title, unit."
        ),
    ),
    (
        (*LAUNCH, "translations"),
        {"\ud83d": {}},
        "translations: Write the code of the language, such as “kk”.",
    ),
    (
        (*LAUNCH, "translations"),
        {"ru": {"title": "\ud83d"}},
        f"translations: {CHARACTER.format('D83D', 1)}",
    ),
    (
        (*LAUNCH, "translations"),
        {"ru": {"title": "x" * 301}},
        "translations: Shorten “title” to 300 characters; it has 301.",
    ),
    # What is not known
    (
        (*SPACE, "colour"),
        "blue",
        "colour: is not known here; known: key, name, translations.",
    ),
    (
        (*SPACE, "\ud83d\x1b"),
        "blue",
        "U+D83DU+001B: is not known here; known: key, name, translations.",
    ),
]


GOAL = '"goal": 1'
BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "line 1, column 1: this is not JSON (Expecting value)."),
    "white space": (b" \n ", "line 2, column 2: this is not JSON (Expecting value)."),
    "a list": (b"[]", "The file has to be one JSON object with “sources” and “commitments”."),
    "a text": (b'"x"', "The file has to be one JSON object with “sources” and “commitments”."),
    "null": (b"null", "The file has to be one JSON object with “sources” and “commitments”."),
    "UTF-16": (
        '{"about": ""}'.encode("utf-16"),
        "byte 0: the file is not UTF-8; save it as UTF-8.",
    ),
    "Windows-1251": (
        '{"about": "Запуск"}'.encode("cp1251"),
        "byte 11: the file is not UTF-8; save it as UTF-8.",
    ),
    "surrogate bytes": (
        b'{"about": "\xed\xa0\xbd"}',
        "byte 11: the file is not UTF-8; save it as UTF-8.",
    ),
    "cut off": (
        b'{"sources": [',
        "line 1, column 14: this is not JSON (Expecting value).",
    ),
    "trailing comma": (
        b'{"sources": [],}',
        "line 1, column 16: this is not JSON (Expecting property name enclosed in double quotes).",
    ),
    "two documents": (b"{}\n{}", "line 2, column 1: this is not JSON (Extra data)."),
    "a raw control character": (
        b'{"about": "a\x00"}',
        "line 1, column 13: this is not JSON (Invalid control character at).",
    ),
    "a raw line break": (
        b'{"about": "a\nb"}',
        "line 1, column 13: this is not JSON (Invalid control character at).",
    ),
    "single quotes": (
        b"{'about': 1}",
        "line 1, column 2: this is not JSON (Expecting property name enclosed in double quotes).",
    ),
    "a section twice": (
        b'{\n"sources": [],\n"sources": []}',
        "line 1, column 2: this is not JSON (“sources” stands twice).",
    ),
    "a field twice": (
        b'{"topics": [\n{"key": "a", "name": "A", "name": "B"}]}',
        "line 2, column 2: this is not JSON (“name” stands twice).",
    ),
    "a strange field twice": (
        b'{"topics": [{"\\ud83d": 1, "\\ud83d": 2}]}',
        "line 1, column 14: this is not JSON (“U+D83D” stands twice).",
    ),
    "deep lists": (
        b'{"about": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "The JSON is nested too deeply: sections are lists of plain objects.",
    ),
    "deep objects": (
        b'{"a": ' * 100_000 + b"1" + b"}" * 100_000,
        "The JSON is nested too deeply: sections are lists of plain objects.",
    ),
    "an unknown section": (
        b'\n{"commitment": []}',
        "line 2: “commitment” is no section; known: about, commitments, parties, sources, topics.",
    ),
    "a strange section": (
        b'{"\\u001b[31m\\ud83d": []}',
        (
            "line 1: “U+001B[31mU+D83D” is no section; known: about, commitments, parties, "
            "sources, topics."
        ),
    ),
    "a section that is null": (
        b'{"sources": null}',
        "line 1: “sources” has to be a list of objects.",
    ),
    "a section that is an object": (
        b'{"sources": {"key": "a"}}',
        "line 1: “sources” has to be a list of objects.",
    ),
    "a row that is null": (
        b'{"topics": [{"key": "a", "name": "A"}, null]}',
        "line 1: “topics” has to be a list of objects; entry 2 is none.",
    ),
    "a row that is a text": (
        b'{"topics": ["a"]}',
        "line 1: “topics” has to be a list of objects; entry 1 is none.",
    ),
}
