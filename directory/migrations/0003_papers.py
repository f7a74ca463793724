import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import directory.models.papers


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_book"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120)),
                ("slug", models.SlugField(editable=False, max_length=80, unique=True)),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("body", models.TextField(blank=True, max_length=12000)),
                ("link", models.URLField(blank=True, max_length=300)),
                ("new_words", models.JSONField(blank=True, editable=False, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "On the desk"),
                            ("in_print", "In print"),
                            ("withdrawn", "Out of print"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("submitted_at", models.DateTimeField(editable=False, null=True)),
                ("sent_back_at", models.DateTimeField(editable=False, null=True)),
                ("note", models.TextField(blank=True, editable=False, max_length=1000)),
                ("printed_at", models.DateTimeField(editable=False, null=True)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                (
                    "vector",
                    models.GeneratedField(
                        db_persist=True,
                        expression=directory.models.papers.PaperVector(),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="directory.expert"
                    ),
                ),
                ("categories", models.ManyToManyField(related_name="papers", to="directory.category")),
                (
                    "printed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="papers_printed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FormerPaperSlug",
            fields=[
                ("slug", models.SlugField(max_length=80, primary_key=True, serialize=False)),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="former_slugs", to="directory.paper"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="decision",
            name="paper",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="decisions",
                to="directory.paper",
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(
                condition=models.Q(("submitted_at__isnull", False)), fields=["submitted_at", "id"], name="paper_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(fields=["author", "-printed_at", "-id"], name="paper_by_author"),
        ),
        migrations.AddIndex(
            model_name="paper",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("state", "in_print")), fastupdate=False, fields=["vector"], name="paper_vector"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "submitted", "in_print", "withdrawn"])),
                name="paper_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("title__length__gte", 10)), name="paper_title_is_a_problem"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("body", ""), _negated=True), models.Q(("link", ""), _negated=True), _connector="OR"
                ),
                name="paper_has_a_text_or_a_link",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("body__length__lte", 12000)), name="paper_text_is_bounded"
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("link", ""), ("link__startswith", "http://"), ("link__startswith", "https://"), _connector="OR"
                ),
                name="paper_link_leads_to_a_page",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "in_print"), _negated=True), ("printed_at__isnull", False), _connector="OR"
                ),
                name="paper_in_print_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at__isnull", False), _connector="OR"
                ),
                name="paper_withdrawn_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "submitted"), ("submitted_at__isnull", False)),
                    models.Q(("new_words__isnull", False), ("state", "in_print")),
                    models.Q(models.Q(("state", "submitted"), _negated=True), ("submitted_at__isnull", True)),
                    _connector="OR",
                ),
                name="paper_waits_with_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("new_words__isnull", True), ("state__in", ("in_print", "withdrawn")), _connector="OR"
                ),
                name="paper_new_words_beside_printed_ones",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paper",
            trigger=pgtrigger.compiler.Trigger(
                name="paper_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:submitted,draft:withdrawn,submitted:draft,submitted:in_print,submitted:withdrawn,in_print:withdrawn,withdrawn:draft}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="b0a7c4259a5e15bcef7d65e6084a50236cef9183",
                    operation="UPDATE",
                    pgid="pgtrigger_paper_moves_e8b98",
                    table="directory_paper",
                    when="BEFORE",
                ),
            ),
        ),
    ]
