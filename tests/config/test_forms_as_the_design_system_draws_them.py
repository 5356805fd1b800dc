"""The design system ships what each component must look like; our templates are held against that."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template

from config.forms import Field
from safekeeping.forms import Checkboxes, DateParts, DatePartsField, Radios

COMPONENTS = Path(__file__).resolve().parents[2] / "node_modules/govuk-frontend/dist/govuk/components"
pytestmark = pytest.mark.skipif(not COMPONENTS.exists(), reason="the front-end parts are not there: manage.py frontend")

VOID = {"input", "br", "hr", "img"}
# What one may say about a component, and our forms can say too. A fixture that says more is not ours to draw.
KNOWN = {
    "id", "idPrefix", "name", "label", "hint", "errorMessage", "items", "fieldset", "classes", "value", "values",
    "type", "inputmode", "autocomplete", "spellcheck", "autocapitalize", "rows", "maxlength", "prefix", "suffix",
    "disabled", "attributes", "formGroup", "describedBy", "pattern",
    "day", "month", "year",
}  # fmt: skip
KNOWN_ITEM = {"value", "text", "checked", "selected", "hint", "conditional", "divider", "behaviour", "id", "disabled"}
# Said in a way that a Django form has no words for: a class on a prefix, answers without values.
NOT_OURS = {"with prefix with classes", "without values", "without values with selected value", "with falsy values",
            "item selected overrides value"}  # fmt: skip


class Tree(HTMLParser):
    """Reads markup into nested tuples, so that space and the order of attributes and classes do not matter."""

    def __init__(self):
        super().__init__()
        self.root = ("root", {}, [])
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        kept = {}
        for name, value in attrs:
            kept[name] = " ".join(sorted(value.split())) if name == "class" and value else value
        kept = {name: value for name, value in kept.items() if value != "" or name in ("value", "hidden")}
        node = (tag, kept, [])
        self.open[-1][2].append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag):
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip():
            self.open[-1][2].append(" ".join(data.split()))


def tree(html):
    reader = Tree()
    reader.feed(html)
    return reader.root


def fixtures(component):
    if not COMPONENTS.exists():
        return []
    told = json.loads((COMPONENTS / component / "fixtures.json").read_text(encoding="utf-8"))
    return [(one["name"], one["options"], one["html"]) for one in told["fixtures"]]


def text_of(said):
    return said.get("text") if isinstance(said, dict) and "html" not in said else None


def drawable(options):
    """Tell whether our forms have words for everything that the fixture says."""
    if set(options) - KNOWN or options.get("attributes") or "describedBy" in options or "pattern" in options:
        return False
    for name in ("label", "hint", "errorMessage", "prefix", "suffix"):
        if name in options and (
            not text_of(options[name]) or set(options[name]) - {"text", "classes", "isPageHeading"}
        ):
            return False
    if set(options.get("formGroup", {})) - {"classes"}:
        return False
    legend = options.get("fieldset", {}).get("legend", {})
    if set(options.get("fieldset", {})) - {"legend"} or set(legend) - {"text", "classes", "isPageHeading"}:
        return False
    return all(isinstance(item, dict) and not set(item) - KNOWN_ITEM for item in options.get("items", []))


def size_of(said, of):
    for name in str(said.get("classes", "")).split():
        if name.startswith(f"{of}--"):
            return name.removeprefix(f"{of}--")
    return ""


def draw(field, *, name, html_id, errors=(), initial=None, reveals=None, **look):
    """Draw one field of a form made for the occasion."""

    class One(forms.Form):
        pass

    One.base_fields = {name: field}
    field.widget.attrs["id"] = html_id
    form = One(initial={name: initial} if initial is not None else None)
    form._errors = forms.utils.ErrorDict()
    if errors:
        form._errors[name] = form.error_class(errors, renderer=form.renderer)
    bound = form[name]
    assert isinstance(bound, Field)
    return bound.group(revealed=reveals or {}, **look)


def looks(options, of="govuk-label"):
    said = options.get("label") or options.get("fieldset", {}).get("legend", {})
    return {
        "size": size_of(said, of),
        "heading": bool(said.get("isPageHeading")),
        "css": options.get("formGroup", {}).get("classes", ""),
        "prefix": text_of(options.get("prefix", {})) or "",
        "suffix": text_of(options.get("suffix", {})) or "",
    }


def common(options):
    error = options.get("errorMessage")
    return {
        "name": options.get("name") or options["id"],
        "html_id": options.get("idPrefix") or options.get("id") or options["name"],
        "errors": [text_of(error)] if error else [],
    }


def attributes(options, *names):
    found = {name: options[name] for name in names if name in options}
    if "spellcheck" in found:
        found["spellcheck"] = "true" if found["spellcheck"] else "false"
    if "classes" in options:
        found["class"] = options["classes"]
    return found


def text_field(options, widget):
    return forms.CharField(
        label=text_of(options["label"]),
        help_text=text_of(options.get("hint", {})) or "",
        widget=widget,
        disabled=bool(options.get("disabled")),
    )


def an_input(options):
    widget = forms.TextInput(attrs=attributes(options, "inputmode", "autocomplete", "spellcheck", "autocapitalize"))
    widget.input_type = options.get("type", "text")
    value = options.get("value")
    return draw(text_field(options, widget), initial=value, **common(options), **looks(options))


def a_password(options):
    widget = forms.PasswordInput(attrs=attributes(options, "autocomplete"))
    return draw(text_field(options, widget), **common(options), **looks(options))


def a_textarea(options):
    own = attributes(options, "autocomplete", "spellcheck")
    if "maxlength" in options:
        own["maxlength"] = options["maxlength"]
    widget = forms.Textarea(attrs={"rows": options.get("rows", 5), **own})
    del widget.attrs["cols"]
    value = options.get("value")
    return draw(text_field(options, widget), initial=value, **common(options), **looks(options))


def a_select(options):
    field = forms.ChoiceField(
        label=text_of(options["label"]),
        help_text=text_of(options.get("hint", {})) or "",
        choices=[(item.get("value", item["text"]), item["text"]) for item in options["items"]],
        widget=forms.Select(attrs=attributes(options)),
    )
    chosen = [item.get("value", item["text"]) for item in options["items"] if item.get("selected")]
    return draw(field, initial=options.get("value", (chosen or [None])[0]), **common(options), **looks(options))


def choices(options):
    items = options["items"]
    dividers = {after["value"]: item["divider"] for item, after in pairwise(items) if "divider" in item}
    answers = [item for item in items if "divider" not in item]
    return {
        "pairs": [(item["value"], item["text"]) for item in answers],
        "hints": {item["value"]: item["hint"]["text"] for item in answers if "hint" in item},
        "dividers": dividers,
        "reveals": {item["value"]: item["conditional"]["html"] for item in answers if item.get("conditional")},
        "chosen": [item["value"] for item in answers if item.get("checked")],
        "none": next((item["value"] for item in answers if item.get("behaviour") == "exclusive"), None),
    }


def some_choices(options, widget_class, **more):
    told = choices(options)
    own = str(options.get("classes", ""))
    kind = "radios" if widget_class is Radios else "checkboxes"
    look = {**looks(options, "govuk-fieldset__legend"), "inline": f"govuk-{kind}--inline" in own}
    look["small"] = f"govuk-{kind}--small" in own
    rest = " ".join(name for name in own.split() if not name.endswith(("--inline", "--small")))
    given = {"class": rest} if rest else {}
    field_class = forms.ChoiceField if widget_class is Radios else forms.MultipleChoiceField
    chosen = options.get("value", (told["chosen"] or [None])[0]) if widget_class is Radios else told["chosen"]
    field = field_class(
        label=text_of(options["fieldset"]["legend"]),
        help_text=text_of(options.get("hint", {})) or "",
        choices=told["pairs"],
        widget=widget_class(given, hints=told["hints"], dividers=told["dividers"], **more),
    )
    return draw(
        field,
        initial=options.get("values", chosen) if widget_class is Checkboxes else chosen,
        reveals={value: Template(html).render(Context()) for value, html in told["reveals"].items()},
        **common(options),
        **look,
    )


def some_radios(options):
    return some_choices(options, Radios)


def some_checkboxes(options):
    return some_choices(options, Checkboxes, none=choices(options)["none"])


def a_date(options):
    field = DatePartsField(
        label=text_of(options["fieldset"]["legend"]),
        help_text=text_of(options.get("hint", {})) or "",
        widget=DateParts(attributes(options)),
    )
    values = options.get("values", {})
    initial = [values.get(part, "") for part in ("day", "month", "year")] if values else None
    return draw(field, initial=initial, **common(options), **looks(options, "govuk-fieldset__legend"))


def with_legend(options):
    return bool(text_of(options.get("fieldset", {}).get("legend", {})))


def plain_answers(options):
    """Our forms give answers their ids, and nothing of its own to one of them."""
    return with_legend(options) and all(
        "divider" in item or ("text" in item and "value" in item and "id" not in item and not item.get("disabled"))
        for item in options["items"]
    )


CASES = [
    (component, name, options, html, drawn)
    for component, drawn, ours in (
        ("input", an_input, lambda o: "label" in o and o.get("value") != 0 and o.get("type") != "number"),
        ("password-input", a_password, lambda o: "label" in o and "value" not in o),
        ("textarea", a_textarea, lambda o: "label" in o),
        ("character-count", a_textarea, lambda o: "label" in o and "maxlength" in o),
        (
            "select",
            a_select,
            lambda o: "label" in o and o.get("items") and not any(i.get("disabled") for i in o["items"]),
        ),
        ("radios", some_radios, plain_answers),
        ("checkboxes", some_checkboxes, plain_answers),
        ("date-input", a_date, lambda o: with_legend(o) and not o.keys() & {"items", "day", "month", "year"}),
    )
    for name, options, html in fixtures(component)
    if name not in NOT_OURS and drawable(options) and ours(options)
]


def alike(html):
    """Return the tree without what we do differently, and say here why."""

    def clean(node):
        if isinstance(node, str):
            return node
        tag, attrs, inside = node
        attrs = dict(attrs)
        names = [name for name in attrs.get("class", "").split() if name != "al-cond"]  # our own indent
        names = [name for name in names if not name.endswith("__conditional--hidden")]  # style opens it, see look.css
        for script in ("data-aria-controls", "data-opens"):  # … and no script, which would give radios aria-expanded
            attrs.pop(script, None)
        said = [one for one in attrs.get("aria-describedby", "").split() if not one.endswith("-opens")]
        if "aria-describedby" in attrs:
            attrs["aria-describedby"] = " ".join(said)
            if not said:
                del attrs["aria-describedby"]
        if names:
            attrs["class"] = " ".join(names)
        if "govuk-date-input__input" in names:
            attrs.pop("name", None)  # Django's `dob_day`, where the fixture has "day"
        kept = [one for one in inside if isinstance(one, str) or one[1].get("class") != "al-opens"]
        return (tag, attrs, [clean(one) for one in kept])

    return clean(tree(html))


@pytest.mark.parametrize(
    ("options", "html", "drawn"),
    [pytest.param(o, h, d, id=f"{component}: {name}") for component, name, o, h, d in CASES],
)
def test_our_markup_is_the_design_systems(options, html, drawn):
    assert alike(drawn(options)) == alike(html)


def test_the_oracle_has_a_good_number_of_cases():
    assert len(CASES) >= 100
