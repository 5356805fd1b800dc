"""
How a form looks: plain `django.forms` in, the design system's markup out.

`{{ form.when.as_field_group }}` and `{% field form.when size="m" %}` give label or legend, hint, error and control
with the ids that tie them together. `{{ form.when }}` alone stays Django's own, which is what the content management
system needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

REQUIRED = forms.Field.default_error_messages["required"]
WIDTHS = {"2", "3", "4", "5", "10", "20", "30"}


class Field(BoundField):
    """A field of a form that knows how the design system draws it."""

    def get_context(self) -> dict[str, Any]:
        """Return what the field's template needs when nothing is said about its looks."""
        return self.look()

    def group(self, **look: Any) -> SafeString:
        """Draw the whole field; see the tag `field` for what may be said."""
        return self.render(context=self.look(**look))

    @property
    def control(self) -> str:
        """What kind of control this is: its template is `components/control_<kind>.html`."""
        widget = self.field.widget
        if named := getattr(widget, "control", None):
            return str(named)
        if widget.is_hidden:
            return "hidden"
        for kind, known in (
            ("checkboxes", forms.CheckboxSelectMultiple),
            ("radios", forms.RadioSelect),
            ("select", forms.Select),
            ("checkbox", forms.CheckboxInput),
            ("textarea", forms.Textarea),
            ("password", forms.PasswordInput),
            ("plain", forms.MultiWidget),
            ("plain", forms.FileInput),
            ("input", forms.widgets.Input),
        ):
            if isinstance(widget, known):
                return kind
        return "plain"

    @property
    def first_id(self) -> str:
        """The id of the control that a link to this field goes to."""
        given = str(self.field.widget.attrs.get("id") or self.auto_id)
        if self.control == "date":
            return f"{given}-{(*self._wrong_parts(), 'day')[0]}"
        return given

    def look(
        self,
        *,
        size: str = "s",
        heading: bool = False,
        small: bool = False,
        inline: bool = False,
        width: str | int = "",
        hint: object = None,
        label: object = None,
        css: str = "",
        prefix: str = "",
        suffix: str = "",
        hide_label: bool = False,
        revealed: Mapping[str, SafeString] | None = None,
    ) -> dict[str, Any]:
        """Return the context of `components/field.html`."""
        kind = self.control
        given = str(self.field.widget.attrs.get("id") or self.auto_id)
        help_text = self.help_text if hint is None else hint
        limit = self.field.widget.attrs.get("maxlength") if kind == "textarea" else None
        one = kind == "checkbox"
        described = [
            *([f"{given}-info"] if limit else []),
            *([self.field.widget.attrs["aria-describedby"]] if "aria-describedby" in self.field.widget.attrs else []),
            *([f"{given}-item-hint" if one else f"{given}-hint"] if help_text else []),
            *([f"{given}-error"] if self.errors else []),
        ]
        context: dict[str, Any] = {
            "field": self,
            "kind": kind,
            "template": f"components/control_{kind}.html",
            "fieldset": kind in ("radios", "checkboxes", "date"),
            "id": given,
            "label": self.label if label is None else label,
            "size": size,
            "hide_label": hide_label,
            "heading": heading,
            "hint": help_text,
            "limit": limit,
            "described_by": " ".join(described),
            "css": css,
            "prefix": prefix,
            "suffix": suffix,
            "small": small,
            "inline": inline,
            "classes": self._classes(kind, str(width)),
        }
        if kind in ("radios", "checkboxes"):
            context["options"] = self._options(given, revealed or {})
        elif kind == "date":
            context["parts"] = self._date_parts(given)
        elif kind not in ("hidden", "plain"):
            context.update(self._single(kind, context))
        return context

    def _classes(self, kind: str, width: str) -> str:
        """Return the control's own classes: what the form gave its widget, and how wide the page wants it."""
        names = str(self.field.widget.attrs.get("class", "")).split()
        if width in WIDTHS:
            names.append(f"govuk-input--width-{width}")
        return " ".join(names)

    def _single(self, kind: str, context: Mapping[str, Any]) -> dict[str, Any]:
        """Return the attributes of a control that is one element, and what it holds."""
        widget = self.field.widget
        base = {"password": "input", "checkbox": "checkboxes__input"}.get(kind, kind)
        names = [f"govuk-{base}"]
        if kind == "password":
            names.append("govuk-password-input__input govuk-js-password-input-input")
        if self.errors and kind != "checkbox":
            names.append(f"govuk-{base}--error")
        if context["limit"]:
            names.append("govuk-js-character-count")
        if context["classes"] and kind != "checkbox":
            names.append(context["classes"])
        attrs: dict[str, Any] = {"class": " ".join(names), "id": context["id"]}
        if context["described_by"]:
            attrs["aria-describedby"] = context["described_by"]
        drawn = widget.get_context(self.html_name, self.value(), self.build_widget_attrs(attrs))["widget"]
        attrs = {**drawn["attrs"], **attrs}
        shown_as = drawn.get("type", "")
        if shown_as == "number":  # boxes that change a number on a turn of the mouse wheel have cost people dearly
            shown_as = "text"
            attrs.setdefault("inputmode", "numeric")
            for arrow in ("min", "max", "step"):
                attrs.pop(arrow, None)
        # Answers are checked by the server, which says what is missing in words and in one place.
        for unwanted in ("required", "aria-invalid", *(("maxlength",) if context["limit"] else ())):
            attrs.pop(unwanted, None)
        if kind == "password":
            attrs = {"spellcheck": "false", "autocomplete": "current-password", "autocapitalize": "none", **attrs}
        return {
            "name": self.html_name,
            "attrs": flatatt(attrs),
            "type": shown_as,
            "value": drawn["value"],
            "chosen": bool(drawn["attrs"].get("checked")),
            "groups": drawn.get("optgroups", ()),
        }

    def _options(self, given: str, revealed: Mapping[str, SafeString]) -> list[dict[str, Any]]:
        """Return the answers to choose from, with their ids: the first has the field's own."""
        widget = self.field.widget
        hints = getattr(widget, "hints", {})
        dividers = getattr(widget, "dividers", {})
        none = getattr(widget, "none", None)
        chosen = widget.format_value(self.value())
        options: list[dict[str, Any]] = []
        place = 0
        for _, group, _ in widget.optgroups(self.html_name, chosen, {}):
            for option in group:
                value = str(option["value"])
                before = dividers.get(value) or ("or" if none is not None and value == none and place else "")
                place += 2 if before else 1
                its_id = given if place == 1 else f"{given}-{place}"
                said = [
                    *([f"{its_id}-item-hint"] if hints.get(value) else []),
                    *([f"{its_id}-opens"] if revealed.get(value) else []),
                ]
                options.append(
                    {
                        "id": its_id,
                        "name": option["name"],
                        "value": value,
                        "label": option["label"],
                        "selected": option["selected"],
                        "disabled": self.field.disabled or option["attrs"].get("disabled"),
                        "hint": hints.get(value, ""),
                        "before": before,
                        "exclusive": none is not None and value == none,
                        "revealed": revealed.get(value, ""),
                        "described_by": " ".join(said),
                    }
                )
        return options

    def _wrong_parts(self) -> tuple[str, ...]:
        """Return which of day, month and year are wrong."""
        wrong: list[str] = []
        for error in self.errors.as_data():
            wrong.extend((error.params or {}).get("parts", ("day", "month", "year")))
        return tuple(part for part in ("day", "month", "year") if part in wrong)

    def _date_parts(self, given: str) -> list[dict[str, Any]]:
        widget = self.field.widget
        value = self.value()
        said = value if isinstance(value, list) else widget.decompress(value)
        wrong = self._wrong_parts()
        names = [self.html_name + suffix for suffix in widget.widgets_names]
        return [
            {
                "id": f"{given}-{part}",
                "name": name,
                "label": part.capitalize(),
                "value": "" if held is None else held,
                "width": 4 if part == "year" else 2,
                "wrong": part in wrong,
                "autocomplete": getattr(widget, "autocomplete", {}).get(part, ""),
            }
            for part, name, held in zip(("day", "month", "year"), names, said or ["", "", ""], strict=True)
        ]

    @property
    def said(self) -> list[str]:
        """The field's errors in words; Django's bare "This field is required." names its question instead."""
        return [
            f"“{str(self.label).rstrip(':')}” needs an answer" if str(error) == str(REQUIRED) else str(error)
            for error in self.errors
        ]

    @property
    def messages(self) -> SafeString:
        """The field's errors, one after the other."""
        return format_html_join(SafeString("<br>"), "{}", ((error,) for error in self.said))


class Renderer(TemplatesSetting):
    """Draws forms with the project's templates, so that they have the design system's tags."""

    bound_field_class = Field
    field_template_name = "components/field.html"
    form_template_name = "components/form.html"
