"""Addresses that exist on a machine of one's own only."""

from django.urls import path

from config.development import components, emails, people

urlpatterns = [
    path("sample-people/sign-in/", people.sign_in, name="sample_sign_in"),
    path("components/", components.components, name="components"),
    path("emails/", emails.emails, name="emails"),
    path("emails/<int:number>/", emails.email, name="email"),
    path("emails/<int:number>/as-sent/", emails.email_as_sent, name="email_as_sent"),
]
