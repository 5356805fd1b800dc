"""The forms by which people come in and organizations say what they have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from directory import compliance, joining
from directory.joining import AboutMe, AboutUs
from directory.models import ComplianceKind, Organization, OrganizationApplication, Role, TaxonomyTerm
from safekeeping.forms import DatePartsField, Radios, offer_choices
from safekeeping.models import User

NOT_LISTED = "not_listed"
WORK_EMAIL = "Work e-mail"
ROLE_HINTS: dict[str, str] = {
    Role.PROVIDER_ADMIN: "Answers offers, says how many places are free, and manages people",
    Role.PROVIDER_WORKER: "Sees the children that they support",
    Role.SCHOOL_DSL: "Sends requests, sees all of the school’s, and manages people",
    Role.PROFESSIONAL: "Sends requests, and sees their own",
}
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


def email_field(label: str = WORK_EMAIL, **more: Any) -> forms.EmailField:
    """Return a field for a work address."""
    return forms.EmailField(
        label=label,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Enter a work e-mail",
            "invalid": "Enter an e-mail address like name@council.example",
            "max_length": "Use 254 characters or fewer",
        },
        **more,
    )


def line(label: str, ask: str, *, most: int = 120, required: bool = True, **more: Any) -> forms.CharField:
    """Return a field for one line; ``ask`` completes "Enter …"."""
    messages = {"required": f"Enter {ask}", "max_length": f"Use {most} characters or fewer"}
    return forms.CharField(label=label, max_length=most, required=required, error_messages=messages, **more)


def box(label: str, ask: str, *, most: int = 600, rows: int = 4, **more: Any) -> forms.CharField:
    """Return a field for a few sentences; ``ask`` is what is said when it is empty."""
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows, "maxlength": most}),
        error_messages={"required": ask, "max_length": f"Use {most} characters or fewer"},
        **more,
    )


def day(label: str, *, required: bool = True, help_text: str = "") -> DatePartsField:
    """Return a field for a date of our time."""
    found = DatePartsField(label=label, required=required, help_text=help_text)
    found.validators.append(of_our_time)
    return found


def of_our_time(value: date) -> None:
    """
    Refuse a date that no policy has.

    :raises ValidationError: if it is before 1990 or after 2099
    """
    if not EARLIEST <= value < LATEST:
        raise ValidationError("Enter a date between 1990 and 2099")


def role_field() -> forms.ChoiceField:
    """Return the choice of a role; what is on offer is said by whoever asks."""
    return forms.ChoiceField(
        label="Role", widget=Radios(hints=ROLE_HINTS), error_messages={"required": "Choose a role", "invalid_choice": "Choose a role"}
    )  # fmt: skip


def offer_roles(form: forms.Form, roles: Iterable[Role]) -> None:
    """Let a form offer these roles."""
    offer_choices(form, "role", [(role.value, role.label) for role in roles])


class RoleForm(forms.Form):
    """Another role for a colleague."""

    role = role_field()

    def __init__(self, *args: Any, roles: Iterable[Role], **options: Any) -> None:
        super().__init__(*args, **options)
        offer_roles(self, roles)


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = email_field("Their work e-mail", help_text="Their own address, not a shared mailbox")
    name = line("Their name", "their name", required=False, help_text="For the letter")
    job_title = line("Their job title", "their job title", required=False)
    role = role_field()

    def __init__(self, *args: Any, roles: Iterable[Role], **options: Any) -> None:
        super().__init__(*args, **options)
        offer_roles(self, roles)


class StaffInviteForm(InviteForm):
    """Whom to invite, as what, to which organization."""

    organization = forms.ModelChoiceField(
        label="Organization",
        queryset=Organization.objects.none(),
        empty_label="Choose one",
        error_messages={"required": "Choose an organization", "invalid_choice": "Choose an organization"},
    )
    field_order = ("organization", "email", "name", "job_title", "role")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organization"].queryset = Organization.objects.filter(  # type: ignore[attr-defined]
            standing__standing__in=("open", "restricted")
        ).order_by("name")


class AcceptForm(forms.Form):
    """What somebody new chooses: how they are called, and a password."""

    name = line(
        "Your name",
        "your name",
        help_text="As your colleagues know you",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = forms.CharField(
        label="New password",
        strip=False,
        max_length=200,
        help_text="At least 12 characters. Three or four words that do not belong together are easy to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a new password", "max_length": "Use 200 characters or fewer"},
    )
    password2 = forms.CharField(
        label="New password again",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter the new password again", "max_length": "Use 200 characters or fewer"},
    )

    def __init__(self, *args: Any, email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        first, second = told.get("password1"), told.get("password2")
        if first:
            try:
                password_validation.validate_password(first, User(email=self.email, name=told.get("name", "")))
            except ValidationError as wrong:
                self.add_error("password1", wrong)
        if first and second and first != second:
            self.add_error("password2", "The two passwords are not the same")
        return told


# --- strangers --------------------------------------------------------------------------------------------------------


class AccountForm(forms.Form):
    """A professional asks for an account."""

    name = line("Your name", "your name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = email_field(help_text="Your own address at work. We send you a link to confirm it.")
    organization = forms.ChoiceField(
        label="Where you work",
        error_messages={"required": "Choose where you work", "invalid_choice": "Choose where you work"},
    )
    organization_name = line(
        "Its name, if it is not in the list", "the name of your organization", most=160, required=False
    )
    job_title = line(
        "Your job title", "your job title", widget=forms.TextInput(attrs={"autocomplete": "organization-title"})
    )
    why = box(
        "What you need the account for",
        "Say what you need the account for",
        help_text="A sentence is enough. No names of children.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.listed = {str(one.pk): one for one in joining.organizations().select_related("organization_type")}
        named = [(pk, one.name) for pk, one in self.listed.items()]
        offer_choices(self, "organization", [("", "Choose one"), (NOT_LISTED, "Mine is not listed"), *named])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if joining.is_free_mail(email):
            raise ValidationError(
                "Use the address that you have at work: with a private one we can’t tell where you work. "
                "No work address? Write to us."
            )
        return email

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        chosen = told.get("organization")
        if chosen == NOT_LISTED and not told.get("organization_name"):
            self.add_error("organization_name", "Enter the name of your organization")
        one = self.listed.get(chosen or "")
        if one and told.get("email"):
            domains = joining.domains_of(one.pk)
            if domains and not joining.fits(told["email"], domains):
                ends = " or ".join(f"@{domain}" for domain in domains)
                self.add_error(
                    "email", f"Addresses at {one.name} end in {ends}. Use yours, or choose “Mine is not listed”"
                )
        return told

    def about_me(self) -> AboutMe:
        """Return what was said."""
        told = self.cleaned_data
        one = self.listed.get(told["organization"])
        return AboutMe(
            name=told["name"],
            email=told["email"],
            job_title=told["job_title"],
            why=told["why"],
            organization=one,
            organization_name="" if one else told["organization_name"],
        )


class ApplyForm(forms.Form):
    """An organization asks to be listed."""

    organization_name = line("Its name", "the name of the organization", most=160)
    organization_type = forms.ModelChoiceField(
        label="What kind it is",
        queryset=TaxonomyTerm.objects.filter(taxonomy="organization_type").order_by("label"),
        empty_label="Choose one",
        error_messages={"required": "Choose a kind", "invalid_choice": "Choose a kind"},
    )
    description = box(
        "What it does",
        "Say what it does",
        most=1500,
        rows=6,
        help_text="For whom, where, and how. No names of children.",
    )
    website = forms.URLField(
        label="Website, if there is one",
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": "Enter an address like https://www.example.org", "max_length": "Use 200 characters or fewer"},
    )  # fmt: skip
    name = line("Your name", "your name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    job_title = line("Your role there", "your role there")
    email = email_field("Your e-mail there", help_text="We send you a link to confirm it.")
    telephone = line(
        "Telephone", "a telephone number", most=40, widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"})
    )

    def __init__(self, *args: Any, fixed_email: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.kinds = [ComplianceKind(kind) for kind in sorted(compliance.required_for([]))]
        for kind in self.kinds:
            self.fields[f"{kind}_expires"] = day(
                "In date until", required=False, help_text="For example, 31 3 2027. Leave it empty if you have none."
            )
            self.fields[f"{kind}_reference"] = line(
                "Its number, or where it can be read", "a reference", most=200, required=False
            )
        if fixed_email:
            self.fields["email"].disabled = True
            self.initial["email"] = fixed_email
            self.fields["email"].help_text = "It stays as you confirmed it."

    @classmethod
    def of(cls, row: OrganizationApplication) -> ApplyForm:
        """Return the form filled in with an application."""
        return cls(initial=initial_of(row), fixed_email=row.email)

    @property
    def required_items(self) -> list[dict[str, Any]]:
        """Return the kinds that every provider needs, each with its two fields."""
        return [
            {"label": kind.label, "expires": self[f"{kind}_expires"], "reference": self[f"{kind}_reference"]}
            for kind in self.kinds
        ]

    def about_us(self) -> AboutUs:
        """Return what was said."""
        told = self.cleaned_data
        plain = {name: told[name] for name in AboutUs.__slots__ if name != "items"}
        items = [
            {
                "kind": kind.value,
                "expires_on": told[f"{kind}_expires"].isoformat(),
                "reference": told[f"{kind}_reference"],
            }
            for kind in self.kinds
            if told[f"{kind}_expires"]
        ]
        return AboutUs(**plain, items=items)


def initial_of(row: OrganizationApplication) -> dict[str, Any]:
    """Return what an application says, as the form has it."""
    told = {name: getattr(row, name) for name in AboutUs.__slots__ if name != "items"}
    for item in row.items:
        told[f"{item['kind']}_expires"] = date.fromisoformat(item["expires_on"])
        told[f"{item['kind']}_reference"] = item["reference"]
    return told


# --- deciding ---------------------------------------------------------------------------------------------------------

YES, NO, ASK = "yes", "no", "ask"


class DecideAccountForm(forms.Form):
    """Yes as what, or no and why."""

    decision = forms.ChoiceField(
        label="What do you say?",
        choices=[(YES, "Yes: invite them"), (NO, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no", "invalid_choice": "Choose yes or no"},
    )
    role = forms.ChoiceField(label="As what", required=False, widget=Radios(hints=ROLE_HINTS))
    organization = forms.ModelChoiceField(
        label="For which organization", required=False, queryset=Organization.objects.none(), empty_label="Choose one"
    )
    reason = box("If no: why", "Say why", required=False, help_text="They read this.")

    def __init__(self, *args: Any, row: Any, listed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = joining.roles_at(row.organization) if row.organization else (Role.PROFESSIONAL, Role.SCHOOL_DSL)
        offer_roles(self, roles)
        self.initial.setdefault("role", roles[0].value)
        self.wants_organization = listed and row.organization is None
        if self.wants_organization:
            self.fields["organization"].queryset = joining.organizations()  # type: ignore[attr-defined]
        else:
            del self.fields["organization"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("decision") == YES:
            if not told.get("role"):
                self.add_error("role", "Choose a role")
            where = told.get("organization")
            if self.wants_organization and "organization" not in self.errors:
                if not where:
                    self.add_error("organization", "Choose the organization. If it is not here, it has to apply first")
                elif told.get("role") and told["role"] not in joining.roles_at(where):
                    self.add_error("role", "Only somebody at a school is a school safeguarding lead")
        if told.get("decision") == NO and not told.get("reason"):
            self.add_error("reason", "Say why. They read this")
        return told


class DecideApplicationForm(forms.Form):
    """Yes, no and why, or a question first."""

    decision = forms.ChoiceField(
        label="What do you say?",
        choices=[(YES, "Yes: make a draft entry and invite them"), (ASK, "Ask something first"), (NO, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one", "invalid_choice": "Choose one"},
    )
    reason = box("Your question, or why not", "Write it", required=False, help_text="They read this.")

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("decision") in (NO, ASK) and not told.get("reason"):
            self.add_error("reason", "Write your question" if told["decision"] == ASK else "Say why. They read this")
        return told


# --- compliance -------------------------------------------------------------------------------------------------------


class ComplianceForm(forms.Form):
    """One policy, insurance or registration, and until when it is good."""

    kind = forms.ChoiceField(
        label="What it is",
        choices=[("", "Choose one"), *ComplianceKind.choices],
        error_messages={"required": "Choose what it is", "invalid_choice": "Choose what it is"},
    )
    issued_on = day("Issued on", required=False, help_text="If it says so. For example, 1 4 2026.")
    expires_on = day("In date until", help_text="A policy without an end: when it is next reviewed.")
    reference = line(
        "Its number, or where it can be read", "a reference", most=200, required=False,
        help_text="Such as the insurer and policy number. No names.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        first, last = told.get("issued_on"), told.get("expires_on")
        if first and last and first > last:
            self.add_error("expires_on", "It must not end before it was issued")
        return told
