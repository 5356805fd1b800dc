"""Addresses of the directory."""

from __future__ import annotations

from django.urls import path

from directory.views import colleagues, invitation, joining, joining_desk, link, partner, public

app_name = "directory"
urlpatterns = [
    path("services/<slug:slug>/", public.service, name="service"),
    path("for-providers/", public.for_providers, name="for_providers"),
    path("confirm/", link.confirm, name="confirm"),
    path("confirm/new-link/", link.new_link, name="new_link"),
    path("confirm/sent/", link.link_sent, name="link_sent"),
    path("my-services/", partner.my_services, name="my_services"),
    path("my-services/places/<uuid:pk>/", partner.pool, name="pool"),
    path("my-services/places/<uuid:pk>/confirm/", partner.confirm, name="pool_confirm"),
    path("my-services/places/<uuid:pk>/reopen/", partner.reopen, name="pool_reopen"),
    path("my-services/links/stop/", partner.stop_links, name="stop_links"),
    # how people come in
    path("invitation/", invitation.invitation, name="invitation"),
    path("join/", joining.join, name="join"),
    path("join/account/", joining.account, name="join_account"),
    path("join/organization/", joining.apply, name="apply"),
    path("join/sent/", joining.sent, name="join_sent"),
    path("join/confirm/", joining.confirm, name="join_confirm"),
    path("join/confirmed/", joining.confirmed, name="join_confirmed"),
    path("my-colleagues/", colleagues.people_here, name="people"),
    path("my-colleagues/invite/", colleagues.invite, name="people_invite"),
    path("my-colleagues/leave/", colleagues.leave, name="people_leave"),
    path("my-colleagues/invitations/<uuid:pk>/again/", colleagues.send_again, name="people_again"),
    path("my-colleagues/invitations/<uuid:pk>/withdraw/", colleagues.withdraw, name="people_withdraw"),
    path("my-colleagues/asked/<uuid:pk>/", joining_desk.account, name="people_asked"),
    path("my-colleagues/<int:member>/", colleagues.one, name="people_one"),
    path("my-colleagues/<int:member>/end/", colleagues.end, name="people_end"),
    path("my-colleagues/<int:member>/hand-over/", colleagues.hand_over, name="people_hand_over"),
    path("my-compliance/", joining_desk.our_compliance, name="compliance"),
    path("my-compliance/<uuid:pk>/take-back/", joining_desk.take_back, name="compliance_take_back"),
    path("joining/", joining_desk.joining_list, name="joining"),
    path("joining/invite/", joining_desk.invite, name="joining_invite"),
    path("joining/accounts/<uuid:pk>/", joining_desk.account, name="joining_account"),
    path("joining/organizations/<uuid:pk>/", joining_desk.application, name="joining_organization"),
    path("joining/invitations/<uuid:pk>/again/", joining_desk.send_again, name="joining_again"),
    path("joining/invitations/<uuid:pk>/withdraw/", joining_desk.withdraw, name="joining_withdraw"),
    path("joining/compliance/<uuid:pk>/", joining_desk.item, name="joining_item"),
]
