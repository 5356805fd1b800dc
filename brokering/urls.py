"""Addresses of brokering."""

from __future__ import annotations

from django.urls import path

from brokering.views import asking, context_desk, contexts, desk, following, providing, safety

app_name = "brokering"
one = "requests/<uuid:ref>/"
asking_urls = [
    path("requests/", asking.index, name="requests"),
    path("requests/new/", asking.start, name="start"),
    path(one, following.detail, name="request"),
    path(f"{one}safety/", safety.safety, name="safety"),
    path(f"{one}safety/advice/", safety.advice, name="advice"),
    path(f"{one}danger/", safety.danger, name="danger"),
    path(f"{one}danger/mistake/", safety.not_in_danger, name="not_in_danger"),
    path(f"{one}child/", asking.child, name="child"),
    path(f"{one}wishes/", asking.wishes, name="wishes"),
    path(f"{one}help/", asking.help_wanted, name="help"),
    path(f"{one}agreement/", asking.agreement, name="agreement"),
    path(f"{one}check/", asking.check, name="check"),
    path(f"{one}write/", following.write, name="write"),
    path(f"{one}changed/", following.changed, name="changed"),
    path(f"{one}withdraw/", following.withdraw, name="withdraw"),
    path(f"{one}delete/", asking.delete, name="delete"),
    path(f"{one}contact/", following.contact, name="contact"),
    path(f"{one}contact/<uuid:place>/", following.contact, name="contact_card"),
]
# A school, a group or a place: a context in the code, a place on the pages.
spot = "requests/places/<uuid:ref>/"
context_urls = [
    path("requests/places/new/", contexts.start, name="context_start"),
    path(spot, contexts.detail, name="context"),
    path(f"{spot}safety/", contexts.safety, name="context_safety"),
    path(f"{spot}safety/advice/", contexts.advice, name="context_advice"),
    path(f"{spot}danger/", contexts.danger, name="context_danger"),
    path(f"{spot}danger/mistake/", contexts.not_in_danger, name="context_not_in_danger"),
    path(f"{spot}place/", contexts.place, name="context_place"),
    path(f"{spot}happening/", contexts.happening, name="context_happening"),
    path(f"{spot}help/", contexts.help_wanted, name="context_help"),
    path(f"{spot}check/", contexts.check, name="context_check"),
    path(f"{spot}write/", contexts.write, name="context_write"),
    path(f"{spot}withdraw/", contexts.withdraw, name="context_withdraw"),
    path(f"{spot}delete/", contexts.delete, name="context_delete"),
    path(f"{spot}one-child/", contexts.one_child, name="context_one_child"),
    path(f"{one}about-a-place/", contexts.about_a_place, name="about_a_place"),
]
spot_case = "desk/places/<uuid:ref>/"
context_desk_urls = [
    path(spot_case, context_desk.case, name="desk_context"),
    path(f"{spot_case}take/", context_desk.take, name="desk_context_take"),
    path(f"{spot_case}decide/", context_desk.decide, name="desk_context_decide"),
    path(f"{spot_case}message/", context_desk.message, name="desk_context_message"),
    path(f"{spot_case}withdraw/", context_desk.withdraw, name="desk_context_withdraw"),
    path(f"{spot_case}close/", context_desk.close, name="desk_context_close"),
]
case = "desk/requests/<uuid:ref>/"
desk_urls = [
    path("desk/", desk.desk, name="desk"),
    path(case, desk.case, name="desk_request"),
    path(f"{case}initials/", desk.initials, name="desk_initials"),
    path(f"{case}decide/", desk.decide, name="desk_decide"),
    path(f"{case}outcome/", desk.outcome, name="desk_outcome"),
    path(f"{case}take/", desk.take, name="desk_take"),
    path(f"{case}message/", desk.message, name="desk_message"),
    path(f"{case}withdraw/", desk.withdraw, name="desk_withdraw"),
    path(f"{case}close/", desk.close, name="desk_close"),
    path(f"{case}again/", desk.again, name="desk_again"),
    path(f"{case}agree/<uuid:check>/", desk.agree, name="desk_agree"),
    path(f"{case}places/<uuid:place>/end/", desk.end_place, name="desk_place_end"),
    path(f"{case}readers/", desk.readers, name="desk_readers"),
    path(f"{case}readers/lift/", desk.lift, name="desk_lift"),
    path(f"{case}shortlist/", desk.shortlist, name="desk_shortlist"),
    path(f"{case}shortlist/look/", desk.look, name="desk_look"),
    path(f"{case}offer/<uuid:service>/", desk.offer, name="desk_offer"),
    path(f"{case}offer/<uuid:service>/attest/", desk.attest, name="desk_attest"),
    path(f"{case}offer/<uuid:service>/second/", desk.second, name="desk_second"),
    path(f"{case}offers/<uuid:offer>/take-back/", desk.take_back, name="desk_take_back"),
    path(f"{case}offers/<uuid:offer>/reply/", desk.reply, name="desk_reply"),
]
providing_urls = [
    path("offers/", providing.offers_list, name="offers"),
    path("offers/<uuid:ref>/", providing.offer, name="offer"),
    path("offers/<uuid:ref>/accept/", providing.accept, name="offer_accept"),
    path("offers/<uuid:ref>/decline/", providing.decline, name="offer_decline"),
    path("offers/<uuid:ref>/ask/", providing.ask, name="offer_ask"),
    path("offers/places/<uuid:ref>/", providing.place, name="place"),
    path("offers/places/<uuid:ref>/contact/", providing.contact, name="place_contact"),
    path("offers/places/<uuid:ref>/met/", providing.met, name="place_met"),
    path("offers/places/<uuid:ref>/start/", providing.start, name="place_start"),
    path("offers/places/<uuid:ref>/end/", providing.end, name="place_end"),
]
urlpatterns = [*asking_urls, *context_urls, *desk_urls, *context_desk_urls, *providing_urls]
