"""Who there is: accounts, organisations, memberships, and what is granted to whom.

The database itself keeps the shape: which kind belongs to which, which roles a kind has, one open
membership per person, organisation and role. Who may change any of it is in actions.py.
"""

import re
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase

from permissions.audit import track
from permissions.roles import PARENT_KIND, ROLES_BY_KIND, OrganisationKind, Role

__all__ = [
    "Membership",
    "Organisation",
    "OrganisationGroupPermission",
    "OrganisationKind",
    "ReadRecord",
    "Role",
    "RoleGroup",
    "User",
]

# The ratio that WCAG 2.2 (1.4.3) asks of text: white on an organisation's colour.
CONTRAST_AT_LEAST = 4.5


class UserManager(BaseUserManager["User"]):
    """Make accounts; find them by e-mail whatever its capitals."""

    def create_user(
        self, email: str, name: str = "", password: str | None = None, **fields: Any
    ) -> "User":
        """Make an account; without a password nobody can sign in to it."""
        user = self.model(email=email, name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str, password: str, **fields: Any) -> "User":
        """Make an account for Wagtail's own settings; it opens no case and no organisation."""
        fields = {"is_staff": True, "is_superuser": True, **fields}
        return self.create_user(email, name, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the account of the e-mail address."""
        return self.get(email=(username or "").strip().lower())


# Neither the password nor each sign-in is a change that an auditor needs.
@track(
    exclude=["password", "last_login"],
    organisation="pgh_obj__memberships__organisation",
    show_values=True,
)
class User(AbstractBaseUser, PermissionsMixin):
    """A person's account. Being one gives nothing: memberships do."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            # With the unique index this makes addresses unique whatever their capitals.
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="permissions_user_email_lower"
            ),
        ]

    def __str__(self) -> str:
        return self.name or "Somebody without a name"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the e-mail address in small letters."""
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """Return the name."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name: which part of it is the given name is not ours to guess."""
        return self.name


@track(organisation="pgh_obj", show_values=True)
class Organisation(models.Model):
    """A local authority, a partnership of its schools, a school of a partnership, or a provider."""

    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    slug = models.SlugField(max_length=100, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    colour = models.CharField(
        max_length=7,
        default="#1d70b8",
        validators=[
            RegexValidator(r"^#[0-9a-fA-F]{6}\Z", "Enter the colour as # and six digits or a to f.")
        ],
    )
    urn = models.CharField("URN", max_length=6, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        # Every permission on an organisation is one of ours (grants.py).
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind, above in PARENT_KIND.items() if above])
                & Q(parent__isnull=False)
                | Q(kind__in=[kind.value for kind, above in PARENT_KIND.items() if not above])
                & Q(parent__isnull=True),
                name="permissions_organisation_parent",
                violation_error_message=(
                    "A partnership belongs to a local authority, a school to a partnership; "
                    "local authorities and providers belong to none."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a parent of the wrong kind and a colour that white text cannot be read on."""
        parent_kind = PARENT_KIND.get(OrganisationKind(self.kind)) if self.kind else None
        if self.parent is not None and self.parent.kind != parent_kind:
            raise ValidationError(
                {
                    "parent": (
                        f"Choose a {OrganisationKind(parent_kind).label.lower()}: "
                        f"that is what a {self.get_kind_display().lower()} belongs to."
                        if parent_kind
                        else f"Leave this empty: a {self.get_kind_display().lower()} "
                        "belongs to no other organisation."
                    )
                }
            )
        is_colour = re.match(r"^#[0-9a-fA-F]{6}\Z", self.colour)
        if is_colour and contrast_with_white(self.colour) < CONTRAST_AT_LEAST:
            raise ValidationError(
                {"colour": "Choose a darker colour: white text cannot be read on this one."}
            )

    @property
    def local_authority(self) -> "Organisation | None":
        """The local authority it is or belongs to; None for a provider."""
        if self.kind == OrganisationKind.LOCAL_AUTHORITY:
            return self
        return self.parent.local_authority if self.parent else None

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that people can hold in it."""
        return ROLES_BY_KIND[OrganisationKind(self.kind)]


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio, 1 to 21, of '#rrggbb' with white (WCAG 2.2, relative luminance)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


class RoleGroup(models.Model):
    """The group that holds what one role may do in one organisation; made when first needed."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="role_groups"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="role_group")

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint("organisation", "role", name="permissions_rolegroup_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"


@track(organisation="organisation", show_values=True)
class Membership(models.Model):
    """A person's role in one organisation, from a moment on, until a moment."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["organisation__name", "role", "pk"]
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                "user",
                "organisation",
                "role",
                condition=Q(ended_at__isnull=True),
                name="permissions_membership_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(ended_by__isnull=True),
                name="permissions_membership_ended_pair",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="permissions_membership_ends_after_start",
            ),
        ]
        indexes: ClassVar = [
            # Who holds this role here? Its sister, by person, is the unique constraint's own index.
            models.Index(
                "organisation",
                "role",
                condition=Q(ended_at__isnull=True),
                name="permissions_membership_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"


class OrganisationGroupPermission(GroupObjectPermissionBase):
    """A permission granted to a role's group on its organisation; written by grants.sync alone."""

    content_object = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="grants"
    )

    class Meta(GroupObjectPermissionBase.Meta):
        default_permissions = ()


class ReadRecord(models.Model):
    """Somebody looked at a record. Append-only: written by audit.record_read."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    what = GenericForeignKey("content_type", "object_id")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    purpose = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-at", "-id"], name="permissions_read_by_org"),
            models.Index(fields=["user", "-at", "-id"], name="permissions_read_by_user"),
            models.Index(fields=["content_type", "object_id", "-at"], name="permissions_read_what"),
        ]

    def __str__(self) -> str:
        return f"Read record {self.pk}"
