"""What people type: to sign in, about a new member, and to narrow the audit trail."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from permissions.models import Organisation, User


class SignInForm(AuthenticationForm):
    """The e-mail address and the password."""

    username = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address in the form name@example.org",
        },
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )
    error_messages = {
        "invalid_login": (
            "The e-mail address or the password is wrong. Check both, or reset your password."
        ),
        # The same as for a wrong password: an account's state is nobody else's business.
        "inactive": (
            "The e-mail address or the password is wrong. Check both, or reset your password."
        ),
    }
    submit_label = "Sign in"

    def clean_username(self) -> str:
        """Return the address as accounts and the counting of wrong attempts know it."""
        return str(self.cleaned_data["username"]).strip().lower()


class PasswordResetForm(forms.Form):
    """Whose password was forgotten."""

    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address in the form name@example.org",
        },
    )
    submit_label = "Send the link"


class AddMembershipForm(forms.Form):
    """Who gets which role in an organisation."""

    name = forms.CharField(label="Full name", max_length=150)
    email = forms.EmailField(
        label="Work e-mail address",
        help_text="If this person has an account already, it is the one that gets the role.",
        error_messages={
            "required": "Enter the person's e-mail address",
            "invalid": "Enter an e-mail address in the form name@example.org",
        },
    )
    role = forms.ChoiceField(
        label="Role",
        widget=forms.RadioSelect,
        error_messages={"required": "Select the role"},
    )
    submit_label = "Add this person"

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, role.label) for role in organisation.roles]


class AuditForm(forms.Form):
    """Whose changes or reads to show, and of which days."""

    person = forms.ModelChoiceField(
        User.objects.none(), label="Person", required=False, empty_label="Everybody"
    )
    from_date = forms.DateField(
        label="From",
        required=False,
        help_text="For example, 27/3/2026",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        error_messages={"invalid": "Enter the first day as day/month/year, such as 27/3/2026"},
    )
    to_date = forms.DateField(
        label="To",
        required=False,
        help_text="This day is included",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        error_messages={"invalid": "Enter the last day as day/month/year, such as 27/3/2026"},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_date"), cleaned.get("to_date")
        if first and last and last < first:
            raise ValidationError({"to_date": "Enter a last day that is not before the first day"})
        return cleaned
