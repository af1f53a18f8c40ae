"""Addresses of referrals. None names a pupil."""

from django.urls import path

from . import views

app_name = "referrals"

urlpatterns = [
    path("", views.Unfinished.as_view(), name="list"),
    path("new/", views.ChooseSchool.as_view(), name="new"),
    path("new/<slug:slug>/", views.FindPupil.as_view(), name="new_for"),
    path("new/<slug:slug>/enter/", views.EnterPupil.as_view(), name="enter_pupil"),
    path("new/<slug:slug>/pupils/<int:pk>/", views.KnownPupil.as_view(), name="known_pupil"),
    path("panel/", views.Panels.as_view(), name="panels"),
    path("panel/<slug:slug>/", views.ChangePanelSettings.as_view(), name="panel_settings"),
    path("<slug:reference>/", views.ReferralPage.as_view(), name="detail"),
    path("<slug:reference>/pupil/", views.Pupil.as_view(), name="pupil"),
    path("<slug:reference>/permission/", views.Permission.as_view(), name="permission"),
    path(
        "<slug:reference>/permission/withdraw/",
        views.WithdrawPermission.as_view(),
        name="withdraw_permission",
    ),
    path("<slug:reference>/evidence/", views.Evidence.as_view(), name="evidence"),
    path("<slug:reference>/evidence/add/", views.AddEvidence.as_view(), name="add_evidence"),
    path(
        "<slug:reference>/evidence/<int:pk>/remove/",
        views.RemoveEvidence.as_view(),
        name="remove_evidence",
    ),
    path("<slug:reference>/questions/<int:number>/", views.Questions.as_view(), name="questions"),
    path("<slug:reference>/contacts/", views.Contacts.as_view(), name="contacts"),
    path("<slug:reference>/referral.pdf", views.PrintReferral.as_view(), name="pdf"),
    path("<slug:reference>/check/", views.Check.as_view(), name="check"),
    path("<slug:reference>/vote/", views.ChangeVote.as_view(), name="change_vote"),
    path("<slug:reference>/transfer/", views.ProposeTransfer.as_view(), name="transfer"),
    path("<slug:reference>/review/", views.AskForReview.as_view(), name="ask_for_review"),
    path(
        "<slug:reference>/review/withdraw/",
        views.WithdrawReview.as_view(),
        name="withdraw_review",
    ),
    path("<slug:reference>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
]
