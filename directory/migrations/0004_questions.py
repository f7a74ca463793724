import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0003_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=160)),
                ("position", models.PositiveSmallIntegerField(null=True)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="directory.category"
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("category", "position"),
                        name="question_each_place_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("retired_at__isnull", True),
                                ("retired_by__isnull", True),
                                ("position__gte", 1),
                                ("position__isnull", False),
                                ("position__lte", 5),
                            ),
                            models.Q(
                                ("position__isnull", True), ("retired_at__isnull", False), ("retired_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="question_five_are_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text__length__gte", 10)), name="question_is_a_sentence"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", django.db.models.functions.text.Trim(models.F("text")))),
                        name="question_is_trimmed",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="words_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="faf3f089bedf0c533fb658e8ff8accec57d1b642",
                    operation="UPDATE",
                    pgid="pgtrigger_words_stay_30ac8",
                    table="directory_question",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_for_good",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="d28a2c29a7b17d0cf61d6ec3f3b3a85367e9df9f",
                    operation="DELETE",
                    pgid="pgtrigger_kept_for_good_89886",
                    table="directory_question",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="retired_stays_retired",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."retired_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9d7a79e76686e8f1614ba19a3b6785c66be6123e",
                    operation="UPDATE",
                    pgid="pgtrigger_retired_stays_retired_592a2",
                    table="directory_question",
                    when="BEFORE",
                ),
            ),
        ),
    ]
