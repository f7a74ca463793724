"""The search: others' words with who said them, and the words that stand in print."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models
from django.db.models import F

import directory.models.placements


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_book")]
    operations = [
        migrations.RemoveIndex("searchdocument", "document_vector"),
        migrations.RemoveIndex("searchdocument", "document_headline_trigrams"),
        migrations.RemoveField("searchdocument", "vector"),
        migrations.RemoveField("searchdocument", "others_words"),
        migrations.RemoveField("searchdocument", "plain_headline"),
        migrations.AddField("searchdocument", "others", models.JSONField(default=list)),
        migrations.AddField(
            "searchdocument",
            "vector",
            models.GeneratedField(
                db_persist=True,
                expression=directory.models.placements.DocumentVector(),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "searchdocument",
            django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="document_vector", fastupdate=False),
        ),
        migrations.RemoveIndex("searchdocument", "document_name_trigrams"),
        migrations.AddIndex(
            "searchdocument",
            django.contrib.postgres.indexes.GinIndex(
                fields=["plain_name"],
                name="document_name_trigrams",
                opclasses=["gin_trgm_ops"],
                fastupdate=False,
            ),
        ),
        migrations.AddIndex("searchdocument", models.Index(F("score").desc(), "expert", name="document_standing")),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("text", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("uses", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["text"], name="word_trigrams", opclasses=["gin_trgm_ops"], fastupdate=False
                    )
                ],
            },
        ),
    ]
