"""The home page in place of the one that Wagtail makes for developers."""

from django.db import migrations


def make_home(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    HomePage = apps.get_model("pages", "HomePage")

    if HomePage.objects.exists():
        return
    Page.objects.filter(slug="home", depth=2).delete()
    content_type, _ = ContentType.objects.get_or_create(model="homepage", app_label="pages")
    locale = apps.get_model("wagtailcore", "Locale").objects.first()
    root = Page.objects.get(depth=1)
    home = HomePage.objects.create(
        title="Accord",
        draft_title="Accord",
        slug="accord",
        content_type=content_type,
        locale=locale,
        path=f"{root.path}0001",
        depth=2,
        numchild=0,
        url_path="/accord/",
    )
    Page.objects.filter(pk=root.pk).update(numchild=Page.objects.filter(depth=2).count())
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page_id": home.pk, "site_name": "Accord"},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0001_initial"),
    ]

    operations = [migrations.RunPython(make_home, migrations.RunPython.noop)]
