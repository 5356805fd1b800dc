"""The tags: a shape and a word for every state, a date for every number, miles for every distance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone

from config.templatetags import look
from safekeeping.forms import Radios

AT = datetime(2026, 11, 16, 9, 40, tzinfo=UTC)


def drawn(template, **context):
    return Template(template).render(Context(context))


def places(state="available", words="3 places free", when="Checked 2 days ago", **more):
    return SimpleNamespace(**{"state": state, "words": words, "when": when, "total": 12, "free": 3, **more})


@pytest.mark.parametrize("state", sorted(look.STATES))
def test_every_state_has_a_shape_and_a_word_and_its_date(state):
    html = drawn("{% availability a %}", a=places(state))
    assert "<svg" in html
    assert "3 places free" in html
    assert "Checked 2 days ago" in html


def test_every_state_of_the_directory_can_be_drawn():
    availability = pytest.importorskip("directory.availability")
    states = getattr(availability, "State", None) or getattr(availability, "AvailabilityState", None)
    if states is None:
        pytest.skip("the directory names its states in another way")
    assert {str(getattr(one, "value", one)) for one in states} <= set(look.STATES)


def test_a_pip_is_one_place():
    html = drawn("{% pips a %}", a=places(held=1))
    assert html.count("<i") == 12
    assert html.count('class="free"') == 3
    assert html.count('class="held"') == 1
    assert 'aria-hidden="true"' in html


def test_what_is_not_known_is_drawn_dashed():
    assert drawn("{% pips a %}", a=places("unconfirmed")).count('class="unknown"') == 12


def test_above_thirty_places_only_words_are_read():
    assert drawn("{% pips total=31 free=2 %}") == ""
    assert drawn("{% pips total=0 %}") == ""


@pytest.mark.parametrize(
    ("until", "words", "kind"),
    [
        (AT - timedelta(days=1, hours=2), "1\xa0day late", "late"),
        (AT - timedelta(hours=3), "3\xa0hours late", "late"),
        (AT - timedelta(seconds=5), "1\xa0minute late", "late"),
        (AT + timedelta(hours=2), "by 11:40", "few"),
        (AT + timedelta(days=2), "Wed 18 Nov", "quiet"),
    ],
)
def test_a_clock_says_late_or_by_when(until, words, kind):
    html = drawn("{% deadline until at %}", until=until, at=AT)
    assert f"<span>{words}</span>" in html
    assert f"al-state--{kind}" in html


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (AT - timedelta(seconds=20), "just now"),
        (AT - timedelta(hours=5), "today"),
        (AT - timedelta(hours=12), "yesterday"),
        (AT - timedelta(days=16), "16 days ago"),
        (AT + timedelta(days=1), "tomorrow"),
        (AT + timedelta(days=3), "in 3 days"),
        (None, ""),
    ],
)
def test_how_long_ago_is_said_in_days(then, words):
    assert drawn("{{ then|when:at }}", then=then, at=AT) == words


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "tomorrow"), (2, "on Wednesday 18 November"), (7, "on Monday 23 November")]
)
def test_a_day_to_come_is_said_as_one_says_it(days, words, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT)
    assert drawn("{{ then|on_day }}", then=AT + timedelta(days=days)) == words


def test_an_address_breaks_behind_its_sign_and_stays_text():
    assert drawn("{{ a|breakable }}", a="team@partnership.example") == "team@<wbr>partnership.example"
    assert drawn("{{ a|breakable }}", a="<b>@<i>") == "&lt;b&gt;@<wbr>&lt;i&gt;"
    assert drawn("{{ a|breakable }}", a="<b>") == "&lt;b&gt;"


def test_times_are_told_for_those_who_work_here_and_for_everybody_else():
    at = datetime(2026, 7, 1, 15, 30, tzinfo=UTC)  # half past four in British summer
    assert drawn("{{ at|clock }}|{{ at|hour }}|{{ at|day }}", at=at) == "Wed 1 Jul, 16:30|4.30pm|Wednesday 1 July"


@pytest.mark.parametrize(
    ("km", "words"),
    [(0.01, "less than 0.1 miles"), (1, "0.6 miles"), (1.609344, "1.0 miles"), (16.08, "10 miles"), (30, "19 miles")],
)
def test_distances_are_read_in_miles(km, words):
    assert drawn("{{ km|miles }}", km=km).replace("\xa0", " ") == words
    assert drawn("{% miles km %}", km=km).replace("\xa0", " ") == words


def test_reasons_are_heard_as_well_as_seen():
    html = drawn("{% reasons found %}", found=[{"kind": "fits", "text": "Local <b>"}, ("partly", "Wednesdays")])
    assert "Fits: </span>Local &lt;b&gt;" in html
    assert "Partly: </span>Wednesdays" in html


def test_who_sees_what_keeps_its_roles_and_labels_when_it_becomes_blocks():
    html = drawn(
        '{% who_sees c r labelledby="x" now=1 %}', c=["What", "You, now", "Later"], r=[["Name", "Hidden", "Shown"]]
    )
    assert html.count('role="cell"') == 2
    assert 'class="now" data-l="You, now">Hidden' in html


def test_what_somebody_typed_is_escaped_everywhere():
    evil = "<script>"
    for template in (
        "{% quote evil evil %}", "{% button evil about=evil %}", "{% button evil href=evil %}",
        "{% availability a %}", '{% state "open" evil %}', "{% timeline e %}", "{% filter_tags t clear=evil %}",
    ):  # fmt: skip
        html = drawn(
            template, evil=evil, a=places(words=evil, when=evil), e=[(evil, evil, evil, evil)], t=[(evil, evil)]
        )
        assert "<script>" not in html
        assert "&lt;script&gt;" in html


class Ask(forms.Form):
    harm = forms.ChoiceField(
        label="Harm?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=Radios,
        error_messages={"required": "Choose yes or no"},
    )
    told = forms.CharField(label="When did you tell them?", required=False)
    place = forms.CharField(label="Where?")


def test_errors_are_counted_and_linked_to_the_first_answer():
    form = Ask({})
    html = drawn("{% error_summary form %}", form=form)
    assert "Two answers are missing" in html
    assert '<a href="#id_harm">Choose yes or no</a>' in html
    assert "“Where?” needs an answer" in html
    assert 'id="id_harm"' in str(form["harm"].as_field_group())


def test_nothing_wrong_says_nothing():
    assert drawn("{% error_summary form %}", form=Ask()).strip() == ""
    assert drawn("{% error_summary form %}").strip() == ""


def test_what_is_wrong_with_the_whole_form_is_said_without_a_link():
    form = Ask({"harm": "no", "place": "x"})
    form.add_error(None, "The last place has gone.")
    html = drawn("{% error_summary form %}", form=form)
    assert "There is a problem" in html
    assert "<li>The last place has gone.</li>" in html


def test_what_belongs_to_an_answer_opens_under_it():
    template = (
        '{% choices form.harm inline=True %}{% reveal "yes" %}<p>Call first.</p>{{ form.told.as_field_group }}'
        "{% endreveal %}{% endchoices %}"
    )
    closed = drawn(template, form=Ask({"harm": "no"}))
    assert 'type="radio" value="yes" data-opens aria-describedby="id_harm-opens"' in closed
    assert 'id="id_harm-opens" hidden>Opens more to answer' in closed
    assert 'class="govuk-radios__conditional al-cond"' in closed
    assert 'name="told"' in closed
    assert "aria-controls" not in closed and "--hidden" not in closed, "style opens it: look.css"


def test_a_password_never_comes_back():
    class SignIn(forms.Form):
        password = forms.CharField(widget=forms.PasswordInput)

    assert "secret" not in str(SignIn({"password": "secret-words"})["password"].as_field_group())


def test_a_number_is_typed_not_turned():
    class Places(forms.Form):
        total = forms.IntegerField(min_value=0, max_value=500)

    html = str(Places({"total": "x"})["total"].as_field_group())
    assert 'type="text"' in html
    assert 'inputmode="numeric"' in html
    assert 'value="x"' in html
