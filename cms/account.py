"""What a steward may settle about their own desk: how it looks. Name, address, password and second factor are the door's."""

from __future__ import annotations

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, ThemeSettingsPanel
from wagtail.users.models import UserProfile


class OwnDesk(AccountView):
    def get_panels(self) -> list[BaseSettingsPanel]:
        profile = UserProfile.get_for_user(self.request.user)
        return [ThemeSettingsPanel(self.request, self.request.user, profile)]


own_desk = require_admin_access(OwnDesk.as_view())
