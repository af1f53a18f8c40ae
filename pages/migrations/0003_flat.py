"""Headings and clauses one after the other, so that a clause can move from section to section."""

import wagtail.fields
from django.db import migrations
from wagtail.blocks.migrations.migrate_operation import MigrateStreamData
from wagtail.blocks.migrations.operations import BaseBlockOperation

import pages.blocks


class Flatten(BaseBlockOperation):
    """Put the clauses of each section after its heading. They keep their ids."""

    operation_name_fragment = "flatten"

    def apply(self, block_value):
        flat = []
        for block in block_value:
            value = dict(block["value"])
            clauses = value.pop("clauses", [])
            flat.append({**block, "value": value})
            flat += [{**clause, "type": "clause"} for clause in clauses]
        return flat

    def deconstruct(self):
        return ("Flatten", [], {})


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0002_home"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agreementpage",
            name="sections",
            field=wagtail.fields.StreamField(
                [("section", 2), ("clause", 11)],
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
                    6: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "The law or guidance behind it, with its edition.",
                            "label": "Legal reference",
                            "max_length": 500,
                            "required": False,
                        },
                    ),
                    7: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": pages.blocks._measure_choices,
                            "help_text": "What the number is about. Each only once in a text.",
                        },
                    ),
                    8: (
                        "wagtail.blocks.DecimalBlock",
                        (),
                        {"decimal_places": 2, "label": "Number", "max_digits": 8, "min_value": 0},
                    ),
                    9: ("wagtail.blocks.StructBlock", [[("measure", 7), ("value", 8)]], {}),
                    10: (
                        "wagtail.blocks.ListBlock",
                        (9,),
                        {"default": [], "label": "Measurable terms"},
                    ),
                    11: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("printed_number", 3),
                                ("party", 4),
                                ("text", 5),
                                ("legal_reference", 6),
                                ("terms", 10),
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
                [("section", 2), ("clause", 11)],
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
                    6: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "The law or guidance behind it, with its edition.",
                            "label": "Legal reference",
                            "max_length": 500,
                            "required": False,
                        },
                    ),
                    7: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": pages.blocks._measure_choices,
                            "help_text": "What the number is about. Each only once in a text.",
                        },
                    ),
                    8: (
                        "wagtail.blocks.DecimalBlock",
                        (),
                        {"decimal_places": 2, "label": "Number", "max_digits": 8, "min_value": 0},
                    ),
                    9: ("wagtail.blocks.StructBlock", [[("measure", 7), ("value", 8)]], {}),
                    10: (
                        "wagtail.blocks.ListBlock",
                        (9,),
                        {"default": [], "label": "Measurable terms"},
                    ),
                    11: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("printed_number", 3),
                                ("party", 4),
                                ("text", 5),
                                ("legal_reference", 6),
                                ("terms", 10),
                            ]
                        ],
                        {},
                    ),
                },
            ),
        ),
        MigrateStreamData("pages", "agreementpage", "sections", [(Flatten(), "")]),
        MigrateStreamData("pages", "policypage", "sections", [(Flatten(), "")]),
    ]
