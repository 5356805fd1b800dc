"""What brokering holds, field by field: its rows of the data map."""

from __future__ import annotations

from brokering import models
from safekeeping.datamap import CHILD, PERSONAL, STAFF, Field, declare

CASE = "request: 6 years after closure or the 25th birthday, whichever is later; drafts 30 days; redirected 2 years"
CARD = "contact card: 10 working days after the support ends, at once if it never starts"
CONTEXT = "context request: 6 years after closure; drafts 30 days; holds no personal data of a child"
HISTORY = "request: as the request it is about"


def work(*names: str, purpose: str = "running the request") -> dict[str, Field]:
    """Return rows for states, times and ids."""
    return dict.fromkeys(names, Field(STAFF, purpose, retention=CASE))


def people(*names: str, purpose: str = "showing who did what") -> dict[str, Field]:
    """Return rows about grown-ups at work."""
    return dict.fromkeys(names, Field(PERSONAL, purpose, subject_access=True, retention=CASE))


def child(*names: str, purpose: str) -> dict[str, Field]:
    """Return rows about a child that lie open: codes without a person."""
    return dict.fromkeys(names, Field(CHILD, purpose, subject_access=True, retention=CASE))


def sealed(*names: str, purpose: str, retention: str = CASE) -> dict[str, Field]:
    """Return rows about a child that are sealed."""
    return dict.fromkeys(names, Field(CHILD, purpose, sealed=True, subject_access=True, retention=retention))


HISTORY_FIELDS = {
    **work("id", "number", "was", "became", "reason", "at", purpose="proving what happened"),
    **people("by_person", "by_role", "by_organization"),
}


def enter() -> None:
    """Declare every field of brokering's models."""
    requests()
    parts_of_a_request()
    matching()
    offers()
    places()
    contexts()


def requests() -> None:
    """Declare the request itself."""
    declare(
        models.PlacementRequest,
        {
            **work(
                "ref", "public_ref", "state", "state_since", "restricted", "begun_at", "changed_at", "submitted_at",
                "waiting_since_at", "due_at", "closed_at", "rescreen_because", "close_reason", "is_demo",
            ),
            **people(
                "requester", "requester_organization", "requester_role", "lead_professional_role",
                "lead_professional_contact", "coordinator", "route",
                purpose="reaching whoever asked and showing who did what",
            ),
            **sealed("initials", purpose="telling two requests of one team apart"),
            **sealed("date_of_birth", "sex", purpose="what services are for; age at start; when the record ends"),
            **child("birth_index", "sector_index", purpose="finding a second request for the same child"),
            **sealed("school_name", purpose="host schools, and who is told"),
            **sealed("postcode_sector", purpose="where the child lives, as coarse as it serves"),
            **child(
                "ward", "locality", "home_council", "no_postcode_because",
                purpose="who is responsible, and what serves the place",
            ),
            **child("statutory_status", purpose="whether a legal process runs"),
            **sealed(
                "case_reference", "statutory_agreement", "statutory_outcome",
                purpose="pointing to the statutory record, which is kept elsewhere",
            ),
            **child(
                "harm_types", "primary_harm", "primary_context", "risk_level", "risk_source", "risk_on",
                "critical_moment", "critical_moment_on", "level_of_need", "sibling_of_known_child", "wanted",
                "start_wanted_on", purpose="finding support that fits, in order of urgency",
            ),
            **sealed("risk_set_by_role", purpose="whose judgement the level of risk is"),
            **sealed("wishes", "wishes_not_asked_because", purpose="what the child wants, first of all"),
            **sealed(
                "preferences", "access_needs", "goals", "tried_already", purpose="finding support that suits the child"
            ),
            **sealed("travel_safety", "safe_contact", purpose="keeping the child safe on the way and by telephone"),
            **child("lawful_basis", "special_condition", purpose="why the information may be shared"),
            **child("information_notice", "notice_by_on", "participation", purpose="what the family knows and agreed to"),
            **sealed("notice_not_given_because", "close_words", purpose="why a decision was made"),
        },
    )  # fmt: skip
    declare(models.RequestHistory, {**HISTORY_FIELDS, **work("request")})


def parts_of_a_request() -> None:
    """Declare what hangs on a request."""
    declare(
        models.StatutoryScreen,
        {
            **work(
                "ref", "request", "text_version", "may_submit", "session", "at", purpose="proving that it was asked"
            ),
            **sealed("answers", purpose="safety before support"),
            **people("answered_by"),
        },
    )
    declare(
        models.ConsentRecord,
        {
            **work("ref", "request", "at"),
            **child("agreement", "agreed_on", "method", purpose="agreement to take part; no basis for sharing"),
            **sealed("because", purpose="why nobody was asked, or what was said"),
            **people("manager_role", "recorded_by"),
        },
    )
    declare(
        models.SecondCheck,
        {
            **work("ref", "request", "what", "service", "asked_at", "agreed_at", "used_at"),
            **sealed("because", purpose="why a decision was made"),
            **people("asked_by", "agreed_by"),
        },
    )
    declare(
        models.TriageDecision,
        {
            **work(
                "ref", "request", "outcome", "answer_by_at", "told_at", "reversed_at", "second_check",
                "principles_considered", "at",
            ),
            **sealed("rationale", "alternative", "question", "outcome_reference", purpose="why a decision was made"),
            **people("told_by_role", "reversed_by", "decided_by"),
        },
    )  # fmt: skip
    declare(
        models.RequestReader,
        {**work("id", "request", "at"), **people("person", "named_by", purpose="restricting sight")},
    )
    declare(
        models.RestrictionDecision,
        {
            **work("ref", "request", "restricted", "at", purpose="restricting sight"),
            **sealed("because", purpose="why a decision was made"),
            **people("decided_by"),
        },
    )
    declare(
        models.Message,
        {
            **work("ref", "request", "offer", "at"),
            **sealed("text", purpose="arranging support"),
            **people("written_by", "written_by_role"),
        },
    )


def matching() -> None:
    """Declare what was found and why."""
    declare(
        models.MatchRun,
        {
            **work(
                "ref", "request", "at", "inputs_hash", "order", "fitting", "nearly", "considered",
                purpose="showing how a choice came about",
            ),
            **people("shown_to"),
        },
    )  # fmt: skip
    declare(
        models.MatchResult,
        {
            **work(
                "id", "run", "service", "pool", "fits", "nearly", "rank", "would_change", "availability",
                "availability_words", "free", "checked_at", purpose="showing how a choice came about",
            ),
            **child("reasons", purpose="showing how a choice came about"),
        },
    )  # fmt: skip
    declare(
        models.CoAttendanceCheck,
        {
            **work("ref", "request", "service", "at"),
            **child("result", purpose="nobody meets somebody they must not meet"),
            **people("checked_by"),
        },
    )
    declare(
        models.UnmetNeed,
        dict.fromkeys(
            ["id", "at", "locality", "age_band", "primary_harm", "wanted", "obstacles", "is_demo"],
            Field(STAFF, "counting what is missing; belongs to no child"),
        ),
    )


def offers() -> None:
    """Declare what a provider is asked."""
    declare(
        models.Offer,
        {
            **work(
                "ref", "request", "service", "pool", "organization", "run", "rank", "state", "second_check", "sent_at",
                "expires_at", "ended_at", "decline_reason", "withdrawn_because", purpose="asking a provider",
            ),
            **sealed("profile", "note", purpose="letting a provider say yes or no without knowing who"),
            **sealed("chosen_because", "decline_words", purpose="why a decision was made"),
            **people("sent_by", "answered_by"),
        },
    )  # fmt: skip
    declare(models.OfferHistory, {**HISTORY_FIELDS, **work("offer")})


def places() -> None:
    """Declare the support and the contact card."""
    declare(
        models.SupportPlace,
        {
            **work(
                "ref", "request", "offer", "service", "organization", "state", "state_since", "first_meeting_on",
                "accepted_at", "contact_due_at", "contact_chased_at", "ring_by_at", "introduce_by_at", "introduced_on",
                "started_on", "planned_end_on", "ended_at", "ended_on", "end_reason", "end_quality", "family_told_on",
                "requester_told_at", "readable", "readable_until_at", purpose="knowing how support goes",
            ),
            **people("worker", "worker_role"),
            **sealed("next_step", purpose="nobody is left with nothing"),
        },
    )  # fmt: skip
    declare(models.PlaceHistory, {**HISTORY_FIELDS, **work("place")})
    card = {"purpose": "reaching the child safely, by the people who support them", "retention": CARD}
    declare(
        models.ContactCard,
        {
            **work("ref", "place", "given_at"),
            **sealed(
                "name_used", "family_name", "speak_first_to", "parent_name", "telephone", "safe_ways", "safe_times",
                "must_not_be_told", **card,
            ),
            **people("given_by"),
        },
    )  # fmt: skip


def contexts() -> None:
    """Declare what is asked for schools, groups and places; nobody is named in it (INV-P5), and words are sealed all the same."""

    def running(*names: str, purpose: str = "running the request for a place") -> dict[str, Field]:
        return dict.fromkeys(names, Field(STAFF, purpose, retention=CONTEXT))

    def at_work(*names: str, purpose: str = "showing who did what") -> dict[str, Field]:
        return dict.fromkeys(names, Field(PERSONAL, purpose, subject_access=True, retention=CONTEXT))

    def words(*names: str, purpose: str) -> dict[str, Field]:
        return dict.fromkeys(names, Field(STAFF, purpose, sealed=True, retention=CONTEXT))

    declare(
        models.ContextRequest,
        {
            **running(
                "ref", "public_ref", "state", "state_since", "begun_at", "changed_at", "submitted_at", "due_at",
                "closed_at", "review_on", "close_reason", "is_demo",
            ),
            **at_work("requester", "requester_organization", "requester_role", "requester_job", "owner"),
            **running(
                "context_type", "organization", "location", "area", "ward", "locality", "harm_types", "pattern",
                "affected", "youngest", "oldest", "response_wanted", purpose="finding what helps a place",
            ),
            **words(
                "label", "place_description", "what_is_known", "strengths", "partners", "tried_already",
                "accountable_owner", purpose="understanding a place without naming anybody",
            ),
            **words("close_words", purpose="why a decision was made"),
        },
    )  # fmt: skip
    declare(
        models.ContextHistory,
        {
            **running("id", "context", "number", "was", "became", "reason", "at", purpose="proving what happened"),
            **at_work("by_person", "by_role", "by_organization"),
        },
    )
    declare(
        models.ContextScreen,
        {
            **running(
                "ref", "context", "text_version", "may_submit", "session", "at", purpose="proving that it was asked"
            ),
            **words("answers", purpose="safety before support"),
            **at_work("answered_by"),
        },
    )
    declare(
        models.ContextDecision,
        {
            **running("ref", "context", "outcome", "told_at", "same_as", "at"),
            **words("rationale", "told", purpose="why a decision was made"),
            **at_work("told_by_role", "decided_by"),
        },
    )
    declare(
        models.ContextMessage,
        {
            **running("ref", "context", "at"),
            **words("text", purpose="arranging what helps"),
            **at_work("written_by", "written_by_role"),
        },
    )
