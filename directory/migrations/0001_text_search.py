"""What Postgres must know before the tables: extensions, a text search configuration without accents, an immutable join."""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

# unaccent() is not IMMUTABLE, so a generated column cannot call it; a dictionary inside a configuration may.
CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION book (COPY = english);
ALTER TEXT SEARCH CONFIGURATION book
    ALTER MAPPING FOR hword, hword_part, word, asciihword, asciiword, hword_asciipart WITH unaccent, english_stem;
"""
# array_to_string() is only STABLE because elements of any type may print differently; for text it never changes.
JOIN = """
CREATE FUNCTION immutable_join(character varying[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT array_to_string($1, ' ') $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION book"),
        migrations.RunSQL(JOIN, "DROP FUNCTION immutable_join(character varying[])"),
    ]
