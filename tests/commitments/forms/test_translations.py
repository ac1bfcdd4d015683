"""Texts in further languages, a line for each."""

from __future__ import annotations

import pytest
from django.utils import translation

from commitments.forms.records import PartyForm, TopicForm
from commitments.models import Topic

FIELDS = {"name": "Space", "key": "space"}


def form_of(topic: Topic | None = None, **texts: str) -> TopicForm:
    """The form of a topic as a browser sends it, with the row of the log that was read."""

    class Form(TopicForm):
        class Meta:
            model = Topic
            fields = ("name", "key", "translations")

    read = str(Form(instance=topic)["expected_revision"].value()) if topic else ""
    return Form({**FIELDS, "expected_revision": read, **texts}, instance=topic)


@pytest.mark.django_db
def test_only_what_is_given_is_kept() -> None:
    form = form_of(translations_ru_name="Космос", translations_kk_name="  ")
    assert form.is_valid()
    assert form.cleaned_data["translations"] == {"ru": {"name": "Космос"}}


@pytest.mark.django_db
def test_languages_without_an_input_stay() -> None:
    topic = Topic.objects.create(
        **FIELDS, translations={"de": {"name": "All"}, "ru": {"name": "А"}}
    )
    form = form_of(topic, translations_ru_name="")
    assert form.is_valid()
    assert form.cleaned_data["translations"] == {"de": {"name": "All"}}


@pytest.mark.django_db
def test_same_texts_are_no_change() -> None:
    topic = Topic.objects.create(**FIELDS, translations={"ru": {"name": "Космос"}})
    form = form_of(topic, translations_ru_name="Космос")
    assert form.is_valid()
    assert form.changed_data == []


def test_lines_are_labelled_by_language_and_field() -> None:
    field = PartyForm.base_fields["translations"]
    with translation.override("en"):
        html = field.widget.render("translations", {"ru": {"name": "Казахстан"}})
    assert 'name="translations_ru_name" value="Казахстан"' in html
    assert 'aria-label="Қазақша: office"' in html
