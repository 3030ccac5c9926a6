"""Words within names, so that a search finds Garcia in Lopez Garcia, and biology in Advanced Biology.

A trigger for each row that has such words, and for no other: most names are one word, and cost a look only.
"""

from typing import ClassVar

from django.db import migrations, models

from firstbell.domain.districts.operations import TenantTable

WORDS = r"""
create function roster_inner_words(variadic keys text[]) returns setof text language sql immutable parallel safe as $$
  select distinct word
  from unnest(keys) key, unnest((regexp_split_to_array(key, '[^[:alnum:]]+'))[2:]) word where word <> ''
$$
"""
UNDO_WORDS = "drop function roster_inner_words(text[])"


OF_PEOPLE = r"""
create function roster_user_keep_words() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from roster_searchword where district_id = old.district_id and kind = 4 and row_id = old.id;
  end if;
  if tg_op <> 'DELETE' then
    insert into roster_searchword (district_id, kind, word, row_id)
    select new.district_id, 4, word, new.id from roster_inner_words(
      new.family_name_key, new.given_name_key,
      'x ' || roster_search_key(new.preferred_family_name), 'x ' || roster_search_key(new.preferred_given_name)
    ) word;
  end if;
  return null;
end $$;
create trigger words_come after insert on roster_user for each row
  when (new.family_name_key ~ '[^[:alnum:]]' or new.given_name_key ~ '[^[:alnum:]]'
    or new.preferred_family_name is not null or new.preferred_given_name is not null)
  execute function roster_user_keep_words();
create trigger words_change
  after update of family_name, given_name, preferred_family_name, preferred_given_name on roster_user for each row
  when (old.family_name_key <> new.family_name_key or old.given_name_key <> new.given_name_key
    or old.preferred_family_name is distinct from new.preferred_family_name
    or old.preferred_given_name is distinct from new.preferred_given_name)
  execute function roster_user_keep_words();
create trigger words_go after delete on roster_user for each row
  when (old.family_name_key ~ '[^[:alnum:]]' or old.given_name_key ~ '[^[:alnum:]]'
    or old.preferred_family_name is not null or old.preferred_given_name is not null)
  execute function roster_user_keep_words();
insert into roster_searchword (district_id, kind, word, row_id)
select u.district_id, 4, word, u.id from roster_user u, roster_inner_words(
  u.family_name_key, u.given_name_key,
  'x ' || roster_search_key(u.preferred_family_name), 'x ' || roster_search_key(u.preferred_given_name)
) word
"""
"""Of a preferred name every word counts, the first one too: it has no column of its own. 4 is people (``KINDS``)."""
OF_CLASSES = r"""
create function roster_class_keep_words() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    delete from roster_searchword where district_id = old.district_id and kind = 3 and row_id = old.id;
  end if;
  if tg_op <> 'DELETE' then
    insert into roster_searchword (district_id, kind, word, row_id)
    select new.district_id, 3, word, new.id from roster_inner_words(new.title_key) word;
  end if;
  return null;
end $$;
create trigger words_come after insert on roster_class for each row
  when (new.title_key ~ '[^[:alnum:]]') execute function roster_class_keep_words();
create trigger words_change after update of title on roster_class for each row
  when (old.title_key <> new.title_key) execute function roster_class_keep_words();
create trigger words_go after delete on roster_class for each row
  when (old.title_key ~ '[^[:alnum:]]') execute function roster_class_keep_words();
insert into roster_searchword (district_id, kind, word, row_id)
select c.district_id, 3, word, c.id from roster_class c, roster_inner_words(c.title_key) word
"""
FORGET = """
drop trigger words_come on {0}; drop trigger words_change on {0}; drop trigger words_go on {0};
drop function {0}_keep_words()
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("roster", "0009_class_code")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "district_id",
                        "kind",
                        "word",
                        "row_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("district_id", models.BigIntegerField()),
                ("kind", models.SmallIntegerField()),
                ("word", models.TextField(db_collation="C")),
                ("row_id", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["district_id", "kind", "row_id"], name="roster_searchword_row")],
            },
        ),
        TenantTable("SearchWord"),
        migrations.RunSQL(WORDS, UNDO_WORDS),
        migrations.RunSQL(OF_PEOPLE, FORGET.format("roster_user")),
        migrations.RunSQL(OF_CLASSES, FORGET.format("roster_class")),
    ]
