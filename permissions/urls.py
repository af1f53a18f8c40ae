"""Addresses of accounts, memberships and the audit trail."""

from django.urls import path

from permissions import views

app_name = "permissions"

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.SignOut.as_view(), name="sign_out"),
    path("account/", views.Account.as_view(), name="account"),
    path("account/password/", views.ChangePassword.as_view(), name="change_password"),
    path("forgot-password/", views.ForgotPassword.as_view(), name="forgot_password"),
    path("forgot-password/sent/", views.PasswordLinkSent.as_view(), name="password_link_sent"),
    path("set-password/<uidb64>/<token>/", views.SetPassword.as_view(), name="set_password"),
    path("organisations/", views.Organisations.as_view(), name="organisations"),
    path("organisations/<slug:slug>/people/", views.People.as_view(), name="people"),
    path(
        "organisations/<slug:slug>/people/add/",
        views.AddMembership.as_view(),
        name="add_membership",
    ),
    path(
        "organisations/<slug:slug>/people/<int:pk>/end/",
        views.EndMembership.as_view(),
        name="end_membership",
    ),
    path("audit/", views.Changes.as_view(), name="changes"),
    path("audit/reads/", views.Reads.as_view(), name="reads"),
]
