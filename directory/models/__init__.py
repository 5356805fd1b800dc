"""Open Referral's nouns, people and organizations, capacity, geography."""

from directory.models.capacity import (
    COUNTED,
    FOR_ONE_CHILD,
    FRESH_DAYS,
    WITH_A_WAITING_LIST,
    CapacityHold,
    CapacityModel,
    CapacityPool,
    CapacitySnapshot,
    OnCall,
)
from directory.models.compliance import ComplianceItem, ComplianceKind
from directory.models.evidence import EvidenceRating
from directory.models.exchange import ImportBatch, ImportRow
from directory.models.freshness import Asking, ConfirmationLink, Doubt, LetterKind, LetterSwitchedOff
from directory.models.geography import Area, Locality, PostcodeWard, Ward
from directory.models.joining import AccountRequest, EmailDomain, Invitation, OrganizationApplication
from directory.models.location import Address, AddressVisibility, Location, Schedule, ServiceArea, ServiceAtLocation
from directory.models.membership import Membership, Role
from directory.models.organization import Organization, OrganizationStanding
from directory.models.proposal import ALWAYS_WAITS, ChangeProposal, Closure, LiveAtOnce, ProposedWords
from directory.models.report import Report, ReportHistory, ReportKind, ReportState, WhatIsWrong
from directory.models.service import (
    CoAttendance,
    EligibilityRule,
    RequestMode,
    Service,
    ServiceContact,
    ServiceStanding,
    Subject,
)
from directory.models.standing import SHOWN, Standing, Visibility
from directory.models.taxonomy import Taxonomy, TaxonomyTerm

__all__ = [
    "ALWAYS_WAITS",
    "COUNTED",
    "FOR_ONE_CHILD",
    "FRESH_DAYS",
    "SHOWN",
    "WITH_A_WAITING_LIST",
    "AccountRequest",
    "Address",
    "AddressVisibility",
    "Area",
    "Asking",
    "CapacityHold",
    "CapacityModel",
    "CapacityPool",
    "CapacitySnapshot",
    "ChangeProposal",
    "Closure",
    "CoAttendance",
    "ComplianceItem",
    "ComplianceKind",
    "ConfirmationLink",
    "Doubt",
    "EligibilityRule",
    "EmailDomain",
    "EvidenceRating",
    "ImportBatch",
    "ImportRow",
    "Invitation",
    "LetterKind",
    "LetterSwitchedOff",
    "LiveAtOnce",
    "Locality",
    "Location",
    "Membership",
    "OnCall",
    "Organization",
    "OrganizationApplication",
    "OrganizationStanding",
    "PostcodeWard",
    "ProposedWords",
    "Report",
    "ReportHistory",
    "ReportKind",
    "ReportState",
    "RequestMode",
    "Role",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceContact",
    "ServiceStanding",
    "Standing",
    "Subject",
    "Taxonomy",
    "TaxonomyTerm",
    "Visibility",
    "Ward",
    "WhatIsWrong",
]
