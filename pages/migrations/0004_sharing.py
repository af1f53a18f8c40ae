"""Texts shared by partnerships, agreements on data, and what a text says of itself."""

import django.db.models.deletion
import django.utils.timezone
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import pages.blocks


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0003_flat"),
        ("permissions", "0002_shape"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataSharingAgreementPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                ("intro", models.TextField(blank=True, verbose_name="introduction")),
                (
                    "issued_date",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="date of issue"
                    ),
                ),
                (
                    "review_date",
                    models.DateField(blank=True, null=True, verbose_name="review date"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("ar", "Arabic"),
                            ("bn", "Bengali"),
                            ("bg", "Bulgarian"),
                            ("zh", "Chinese"),
                            ("fa", "Persian"),
                            ("fr", "French"),
                            ("gu", "Gujarati"),
                            ("it", "Italian"),
                            ("ku", "Kurdish"),
                            ("lt", "Lithuanian"),
                            ("ne", "Nepali"),
                            ("pa", "Punjabi"),
                            ("pl", "Polish"),
                            ("ps", "Pashto"),
                            ("pt", "Portuguese"),
                            ("ro", "Romanian"),
                            ("so", "Somali"),
                            ("es", "Spanish"),
                            ("ta", "Tamil"),
                            ("tr", "Turkish"),
                            ("uk", "Ukrainian"),
                            ("ur", "Urdu"),
                            ("cy", "Welsh"),
                        ],
                        default="en",
                        max_length=35,
                    ),
                ),
                (
                    "sections",
                    wagtail.fields.StreamField(
                        [("section", 2), ("clause", 14)],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"max_length": 255}),
                            1: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "Introduction", "required": False, "rows": 2},
                            ),
                            2: ("wagtail.blocks.StructBlock", [[("heading", 0), ("intro", 1)]], {}),
                            3: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "As printed. It need not be unique.",
                                    "max_length": 20,
                                    "required": False,
                                },
                            ),
                            4: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("provider", "Provider"),
                                        ("school", "School"),
                                        ("commissioner", "Commissioner"),
                                        ("family", "Family"),
                                        ("all", "All parties"),
                                    ],
                                    "label": "Whose duty it is",
                                },
                            ),
                            5: ("wagtail.blocks.TextBlock", (), {"rows": 3}),
                            6: ("wagtail.blocks.CharBlock", (), {}),
                            7: (
                                "wagtail.blocks.ListBlock",
                                (6,),
                                {
                                    "default": [],
                                    "help_text": "From the register, which says when an edition has been replaced.",
                                    "label": "Law and guidance",
                                },
                            ),
                            8: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "What is not in the register, with its edition.",
                                    "label": "Other legal reference",
                                    "max_length": 500,
                                    "required": False,
                                },
                            ),
                            9: (
                                "wagtail.blocks.ListBlock",
                                (6,),
                                {
                                    "default": [],
                                    "help_text": "Other clauses of this text. Readers are shown the number that the clause then has. A clause that you have just added can be chosen once the page is saved.",
                                    "label": "See also",
                                },
                            ),
                            10: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": pages.blocks._measure_choices,
                                    "help_text": "What the number is about. Each only once in a text.",
                                },
                            ),
                            11: (
                                "wagtail.blocks.DecimalBlock",
                                (),
                                {
                                    "decimal_places": 2,
                                    "label": "Number",
                                    "max_digits": 8,
                                    "min_value": 0,
                                },
                            ),
                            12: (
                                "wagtail.blocks.StructBlock",
                                [[("measure", 10), ("value", 11)]],
                                {},
                            ),
                            13: (
                                "wagtail.blocks.ListBlock",
                                (12,),
                                {"default": [], "label": "Measurable terms"},
                            ),
                            14: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("printed_number", 3),
                                        ("party", 4),
                                        ("text", 5),
                                        ("legal_editions", 7),
                                        ("legal_reference", 8),
                                        ("see", 9),
                                        ("terms", 13),
                                    ]
                                ],
                                {},
                            ),
                        },
                    ),
                ),
                (
                    "change_is_material",
                    models.BooleanField(
                        default=False,
                        help_text="Tick this when the duties change. Every party is then asked to accept again. Changing a number always counts as material.",
                        verbose_name="the change is material",
                    ),
                ),
                ("change_note", models.TextField(blank=True, verbose_name="what changed")),
                ("import_report", models.JSONField(blank=True, editable=False, null=True)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("signature", "Accepted by a named signatory"),
                            ("at_commissioning", "Accepted when a place is commissioned"),
                            ("implied", "Accepted by making a referral"),
                        ],
                        default="signature",
                        max_length=20,
                        verbose_name="how it is accepted",
                    ),
                ),
                ("purpose", models.TextField(blank=True, help_text="What the data is shared for.")),
                (
                    "lawful_basis",
                    models.TextField(
                        blank=True,
                        help_text="The basis in data protection law, with its article or section.",
                        verbose_name="lawful basis",
                    ),
                ),
                (
                    "data",
                    models.TextField(
                        blank=True,
                        help_text="The kinds of data, and about whom.",
                        verbose_name="what is shared",
                    ),
                ),
                ("retention", models.TextField(blank=True, verbose_name="how long it is kept")),
                ("principles", models.TextField(blank=True, help_text="One on each line.")),
                (
                    "measures",
                    models.TextField(
                        blank=True,
                        help_text="One measure on each line.",
                        verbose_name="how the data is protected",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="SharedAgreementPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                ("intro", models.TextField(blank=True, verbose_name="introduction")),
                (
                    "issued_date",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="date of issue"
                    ),
                ),
                (
                    "review_date",
                    models.DateField(blank=True, null=True, verbose_name="review date"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("ar", "Arabic"),
                            ("bn", "Bengali"),
                            ("bg", "Bulgarian"),
                            ("zh", "Chinese"),
                            ("fa", "Persian"),
                            ("fr", "French"),
                            ("gu", "Gujarati"),
                            ("it", "Italian"),
                            ("ku", "Kurdish"),
                            ("lt", "Lithuanian"),
                            ("ne", "Nepali"),
                            ("pa", "Punjabi"),
                            ("pl", "Polish"),
                            ("ps", "Pashto"),
                            ("pt", "Portuguese"),
                            ("ro", "Romanian"),
                            ("so", "Somali"),
                            ("es", "Spanish"),
                            ("ta", "Tamil"),
                            ("tr", "Turkish"),
                            ("uk", "Ukrainian"),
                            ("ur", "Urdu"),
                            ("cy", "Welsh"),
                        ],
                        default="en",
                        max_length=35,
                    ),
                ),
                (
                    "sections",
                    wagtail.fields.StreamField(
                        [("section", 2), ("clause", 14)],
                        blank=True,
                        block_lookup={
                            0: ("wagtail.blocks.CharBlock", (), {"max_length": 255}),
                            1: (
                                "wagtail.blocks.TextBlock",
                                (),
                                {"label": "Introduction", "required": False, "rows": 2},
                            ),
                            2: ("wagtail.blocks.StructBlock", [[("heading", 0), ("intro", 1)]], {}),
                            3: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "As printed. It need not be unique.",
                                    "max_length": 20,
                                    "required": False,
                                },
                            ),
                            4: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("provider", "Provider"),
                                        ("school", "School"),
                                        ("commissioner", "Commissioner"),
                                        ("family", "Family"),
                                        ("all", "All parties"),
                                    ],
                                    "label": "Whose duty it is",
                                },
                            ),
                            5: ("wagtail.blocks.TextBlock", (), {"rows": 3}),
                            6: ("wagtail.blocks.CharBlock", (), {}),
                            7: (
                                "wagtail.blocks.ListBlock",
                                (6,),
                                {
                                    "default": [],
                                    "help_text": "From the register, which says when an edition has been replaced.",
                                    "label": "Law and guidance",
                                },
                            ),
                            8: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "What is not in the register, with its edition.",
                                    "label": "Other legal reference",
                                    "max_length": 500,
                                    "required": False,
                                },
                            ),
                            9: (
                                "wagtail.blocks.ListBlock",
                                (6,),
                                {
                                    "default": [],
                                    "help_text": "Other clauses of this text. Readers are shown the number that the clause then has. A clause that you have just added can be chosen once the page is saved.",
                                    "label": "See also",
                                },
                            ),
                            10: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": pages.blocks._measure_choices,
                                    "help_text": "What the number is about. Each only once in a text.",
                                },
                            ),
                            11: (
                                "wagtail.blocks.DecimalBlock",
                                (),
                                {
                                    "decimal_places": 2,
                                    "label": "Number",
                                    "max_digits": 8,
                                    "min_value": 0,
                                },
                            ),
                            12: (
                                "wagtail.blocks.StructBlock",
                                [[("measure", 10), ("value", 11)]],
                                {},
                            ),
                            13: (
                                "wagtail.blocks.ListBlock",
                                (12,),
                                {"default": [], "label": "Measurable terms"},
                            ),
                            14: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("printed_number", 3),
                                        ("party", 4),
                                        ("text", 5),
                                        ("legal_editions", 7),
                                        ("legal_reference", 8),
                                        ("see", 9),
                                        ("terms", 13),
                                    ]
                                ],
                                {},
                            ),
                        },
                    ),
                ),
                (
                    "change_is_material",
                    models.BooleanField(
                        default=False,
                        help_text="Tick this when the duties change. Every party is then asked to accept again. Changing a number always counts as material.",
                        verbose_name="the change is material",
                    ),
                ),
                ("change_note", models.TextField(blank=True, verbose_name="what changed")),
                ("import_report", models.JSONField(blank=True, editable=False, null=True)),
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page",),
        ),
        migrations.AddField(
            model_name="agreementpage",
            name="asks_safeguarding_lead",
            field=models.BooleanField(
                default=False,
                help_text="Who accepts also names the safeguarding lead and says the policy was received.",
                verbose_name="ask for the safeguarding lead",
            ),
        ),
        migrations.AddField(
            model_name="agreementpage",
            name="language",
            field=models.CharField(
                choices=[
                    ("en", "English"),
                    ("ar", "Arabic"),
                    ("bn", "Bengali"),
                    ("bg", "Bulgarian"),
                    ("zh", "Chinese"),
                    ("fa", "Persian"),
                    ("fr", "French"),
                    ("gu", "Gujarati"),
                    ("it", "Italian"),
                    ("ku", "Kurdish"),
                    ("lt", "Lithuanian"),
                    ("ne", "Nepali"),
                    ("pa", "Punjabi"),
                    ("pl", "Polish"),
                    ("ps", "Pashto"),
                    ("pt", "Portuguese"),
                    ("ro", "Romanian"),
                    ("so", "Somali"),
                    ("es", "Spanish"),
                    ("ta", "Tamil"),
                    ("tr", "Turkish"),
                    ("uk", "Ukrainian"),
                    ("ur", "Urdu"),
                    ("cy", "Welsh"),
                ],
                default="en",
                max_length=35,
            ),
        ),
        migrations.AddField(
            model_name="agreementpage",
            name="places_while_reserved",
            field=models.BooleanField(
                default=False,
                help_text="Otherwise no placement starts before every reservation is settled.",
                verbose_name="pupils may start while a reservation is open",
            ),
        ),
        migrations.AddField(
            model_name="agreementpage",
            name="scope",
            field=models.CharField(
                choices=[
                    ("standing", "Every pupil, until the agreement changes"),
                    ("pupil", "One pupil"),
                    ("activity", "One activity"),
                ],
                default="standing",
                max_length=20,
                verbose_name="what it is for",
            ),
        ),
        migrations.AddField(
            model_name="agreementpage",
            name="variations",
            field=wagtail.fields.StreamField(
                [("variation", 8)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.CharBlock", (), {}),
                    1: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {"label": "Leave this clause out", "required": False},
                    ),
                    2: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "Leave empty to keep the shared words.",
                            "label": "What it says here",
                            "required": False,
                            "rows": 3,
                        },
                    ),
                    3: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": pages.blocks._measure_choices,
                            "help_text": "What the number is about. Each only once in a text.",
                        },
                    ),
                    4: (
                        "wagtail.blocks.DecimalBlock",
                        (),
                        {"decimal_places": 2, "label": "Number", "max_digits": 8, "min_value": 0},
                    ),
                    5: ("wagtail.blocks.StructBlock", [[("measure", 3), ("value", 4)]], {}),
                    6: (
                        "wagtail.blocks.ListBlock",
                        (5,),
                        {
                            "default": [],
                            "help_text": "The shared text's other numbers hold.",
                            "label": "Numbers that differ here",
                        },
                    ),
                    7: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "help_text": "Everybody can read this beside the clause.",
                            "label": "Why it differs",
                            "rows": 2,
                        },
                    ),
                    8: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("clause", 0),
                                ("is_left_out", 1),
                                ("text", 2),
                                ("terms", 6),
                                ("why", 7),
                            ]
                        ],
                        {},
                    ),
                },
            ),
        ),
        migrations.AddField(
            model_name="policypage",
            name="language",
            field=models.CharField(
                choices=[
                    ("en", "English"),
                    ("ar", "Arabic"),
                    ("bn", "Bengali"),
                    ("bg", "Bulgarian"),
                    ("zh", "Chinese"),
                    ("fa", "Persian"),
                    ("fr", "French"),
                    ("gu", "Gujarati"),
                    ("it", "Italian"),
                    ("ku", "Kurdish"),
                    ("lt", "Lithuanian"),
                    ("ne", "Nepali"),
                    ("pa", "Punjabi"),
                    ("pl", "Polish"),
                    ("ps", "Pashto"),
                    ("pt", "Portuguese"),
                    ("ro", "Romanian"),
                    ("so", "Somali"),
                    ("es", "Spanish"),
                    ("ta", "Tamil"),
                    ("tr", "Turkish"),
                    ("uk", "Ukrainian"),
                    ("ur", "Urdu"),
                    ("cy", "Welsh"),
                ],
                default="en",
                max_length=35,
            ),
        ),
        migrations.AlterField(
            model_name="agreementpage",
            name="sections",
            field=wagtail.fields.StreamField(
                [("section", 2), ("clause", 14)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.CharBlock", (), {"max_length": 255}),
                    1: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "Introduction", "required": False, "rows": 2},
                    ),
                    2: ("wagtail.blocks.StructBlock", [[("heading", 0), ("intro", 1)]], {}),
                    3: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "As printed. It need not be unique.",
                            "max_length": 20,
                            "required": False,
                        },
                    ),
                    4: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("provider", "Provider"),
                                ("school", "School"),
                                ("commissioner", "Commissioner"),
                                ("family", "Family"),
                                ("all", "All parties"),
                            ],
                            "label": "Whose duty it is",
                        },
                    ),
                    5: ("wagtail.blocks.TextBlock", (), {"rows": 3}),
                    6: ("wagtail.blocks.CharBlock", (), {}),
                    7: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {
                            "default": [],
                            "help_text": "From the register, which says when an edition has been replaced.",
                            "label": "Law and guidance",
                        },
                    ),
                    8: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "What is not in the register, with its edition.",
                            "label": "Other legal reference",
                            "max_length": 500,
                            "required": False,
                        },
                    ),
                    9: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {
                            "default": [],
                            "help_text": "Other clauses of this text. Readers are shown the number that the clause then has. A clause that you have just added can be chosen once the page is saved.",
                            "label": "See also",
                        },
                    ),
                    10: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": pages.blocks._measure_choices,
                            "help_text": "What the number is about. Each only once in a text.",
                        },
                    ),
                    11: (
                        "wagtail.blocks.DecimalBlock",
                        (),
                        {"decimal_places": 2, "label": "Number", "max_digits": 8, "min_value": 0},
                    ),
                    12: ("wagtail.blocks.StructBlock", [[("measure", 10), ("value", 11)]], {}),
                    13: (
                        "wagtail.blocks.ListBlock",
                        (12,),
                        {"default": [], "label": "Measurable terms"},
                    ),
                    14: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("printed_number", 3),
                                ("party", 4),
                                ("text", 5),
                                ("legal_editions", 7),
                                ("legal_reference", 8),
                                ("see", 9),
                                ("terms", 13),
                            ]
                        ],
                        {},
                    ),
                },
            ),
        ),
        migrations.AlterField(
            model_name="policypage",
            name="sections",
            field=wagtail.fields.StreamField(
                [("section", 2), ("clause", 14)],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.CharBlock", (), {"max_length": 255}),
                    1: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "Introduction", "required": False, "rows": 2},
                    ),
                    2: ("wagtail.blocks.StructBlock", [[("heading", 0), ("intro", 1)]], {}),
                    3: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "As printed. It need not be unique.",
                            "max_length": 20,
                            "required": False,
                        },
                    ),
                    4: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("provider", "Provider"),
                                ("school", "School"),
                                ("commissioner", "Commissioner"),
                                ("family", "Family"),
                                ("all", "All parties"),
                            ],
                            "label": "Whose duty it is",
                        },
                    ),
                    5: ("wagtail.blocks.TextBlock", (), {"rows": 3}),
                    6: ("wagtail.blocks.CharBlock", (), {}),
                    7: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {
                            "default": [],
                            "help_text": "From the register, which says when an edition has been replaced.",
                            "label": "Law and guidance",
                        },
                    ),
                    8: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "What is not in the register, with its edition.",
                            "label": "Other legal reference",
                            "max_length": 500,
                            "required": False,
                        },
                    ),
                    9: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {
                            "default": [],
                            "help_text": "Other clauses of this text. Readers are shown the number that the clause then has. A clause that you have just added can be chosen once the page is saved.",
                            "label": "See also",
                        },
                    ),
                    10: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": pages.blocks._measure_choices,
                            "help_text": "What the number is about. Each only once in a text.",
                        },
                    ),
                    11: (
                        "wagtail.blocks.DecimalBlock",
                        (),
                        {"decimal_places": 2, "label": "Number", "max_digits": 8, "min_value": 0},
                    ),
                    12: ("wagtail.blocks.StructBlock", [[("measure", 10), ("value", 11)]], {}),
                    13: (
                        "wagtail.blocks.ListBlock",
                        (12,),
                        {"default": [], "label": "Measurable terms"},
                    ),
                    14: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("printed_number", 3),
                                ("party", 4),
                                ("text", 5),
                                ("legal_editions", 7),
                                ("legal_reference", 8),
                                ("see", 9),
                                ("terms", 13),
                            ]
                        ],
                        {},
                    ),
                },
            ),
        ),
        migrations.AddField(
            model_name="agreementpage",
            name="shared_text",
            field=models.ForeignKey(
                blank=True,
                help_text="Choose one to take over its clauses. Below, write only what differs here, and sections of your own. When the shared text changes, so does this one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="local_texts",
                to="pages.sharedagreementpage",
                verbose_name="shared text",
            ),
        ),
        migrations.CreateModel(
            name="SharedTextsPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                ("intro", models.TextField(blank=True, verbose_name="introduction")),
                (
                    "organisation",
                    models.OneToOneField(
                        limit_choices_to={"kind": "local_authority"},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shared_texts_page",
                        to="permissions.organisation",
                        verbose_name="local authority",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page",),
        ),
    ]
