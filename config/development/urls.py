"""Addresses that exist on a machine of one's own only."""

from django.urls import path

from config.development import components, people

urlpatterns = [
    path("sample-people/sign-in/", people.sign_in, name="sample_sign_in"),
    path("components/", components.components, name="components"),
]
