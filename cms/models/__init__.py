"""Pages that are words; what the words are about lives in the directory."""

from cms.models.notices import SafetyNotice
from cms.models.pages import ContentPage

__all__ = ["ContentPage", "SafetyNotice"]
