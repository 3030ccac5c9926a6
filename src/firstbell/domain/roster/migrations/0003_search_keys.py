"""People and classes as they are searched: without case and accents, in columns that find an index behind the wall.

A function over a column is checked only after the policy, row by row (it is not leakproof), so its value is stored.
"""

from typing import ClassVar

from django.db import migrations, models

SEARCH_KEY = r"""
create function roster_search_key(value text) returns text language sql immutable parallel safe
return case
  when value is null then ''
  when octet_length(value) = length(value) then lower(value)
  else lower(regexp_replace(normalize(translate(value, '’‘ʼ', ''''''''), NFKD), '[\u0300-\u036f]', '', 'g'))
end
"""


def search_key(column: str) -> models.GeneratedField:
    key = models.Func(models.F(column), function="roster_search_key")
    return models.GeneratedField(expression=key, output_field=models.TextField(db_collation="C"), db_persist=True)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("roster", "0002_wall")]
    operations: ClassVar = [
        migrations.RunSQL(SEARCH_KEY, "drop function roster_search_key(text)"),
        migrations.RemoveIndex(model_name="user", name="roster_user_name"),
        migrations.AddField("class", "class_code_key", search_key("class_code")),
        migrations.AddField("class", "title_key", search_key("title")),
        migrations.AddField("user", "email_key", search_key("email")),
        migrations.AddField("user", "family_name_key", search_key("family_name")),
        migrations.AddField("user", "given_name_key", search_key("given_name")),
        migrations.AddField("user", "identifier_key", search_key("identifier")),
        migrations.AddField("user", "username_key", search_key("username")),
        migrations.AddIndex(
            "class", models.Index(fields=["district_id", "title_key", "id"], name="roster_class_title")
        ),
        migrations.AddIndex(
            "user",
            models.Index(fields=["district_id", "family_name_key", "given_name_key", "id"], name="roster_user_names"),
        ),
        migrations.AddIndex(
            "user", models.Index(fields=["district_id", "given_name_key"], name="roster_user_given_name")
        ),
        migrations.AddIndex("user", models.Index(fields=["district_id", "username_key"], name="roster_user_username")),
        migrations.AddIndex(
            "user", models.Index(fields=["district_id", "identifier_key"], name="roster_user_identifier")
        ),
        migrations.AddIndex("user", models.Index(fields=["district_id", "email_key"], name="roster_user_email")),
    ]
