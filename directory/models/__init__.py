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
from directory.models.evidence import EvidenceRating
from directory.models.exchange import ImportBatch, ImportRow
from directory.models.freshness import Asking, ConfirmationLink
from directory.models.geography import Area, Locality, PostcodeWard, Ward
from directory.models.location import Address, AddressVisibility, Location, Schedule, ServiceArea, ServiceAtLocation
from directory.models.membership import Membership, Role
from directory.models.organization import Organization, OrganizationStanding
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
    "COUNTED",
    "FOR_ONE_CHILD",
    "FRESH_DAYS",
    "SHOWN",
    "WITH_A_WAITING_LIST",
    "Address",
    "AddressVisibility",
    "Area",
    "Asking",
    "CapacityHold",
    "CapacityModel",
    "CapacityPool",
    "CapacitySnapshot",
    "CoAttendance",
    "ConfirmationLink",
    "EligibilityRule",
    "EvidenceRating",
    "ImportBatch",
    "ImportRow",
    "Locality",
    "Location",
    "Membership",
    "OnCall",
    "Organization",
    "OrganizationStanding",
    "PostcodeWard",
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
]
