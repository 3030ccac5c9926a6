"""SQL that writes JSON: each piece is the text of one member, or null where the member is left out."""

PATHS = {
    "orgs": ("orgs", "org"),
    "academicSessions": ("academicSessions", "academicSession"),
    "courses": ("courses", "course"),
    "classes": ("classes", "class"),
    "users": ("users", "user"),
}
"""What a reference to a row of a table is called in its address, and in its type."""

INSTANT = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'


def value(name: str, sql: str) -> str:
    """A text, or a list of texts."""
    return f"""'"{name}":' || to_json({sql})"""


def truth(name: str, sql: str) -> str:
    """The standard has true and false as strings."""
    return f"""'"{name}":"' || ({sql})::text || '"'"""


def instant(name: str, sql: str) -> str:
    """UTC, whole milliseconds."""
    return f"""'"{name}":"' || to_char(({sql}) at time zone 'UTC', '{INSTANT}') || '"'"""


def raw(name: str, sql: str) -> str:
    """What is JSON already."""
    return f"""'"{name}":' || ({sql})"""


def listed(name: str, items: str) -> str:
    """A list of objects, out of a query that gives them as one text with commas between."""
    return f"""'"{name}":[' || ({items}) || ']'"""


def link(table: str, sourced_id: str) -> str:
    """A reference object; null without a sourcedId."""
    path, kind = PATHS[table]
    return (
        f"""'{{"href":' || to_json(%(base)s::text || '/{path}/' || sharing_url_part({sourced_id}))"""
        f""" || ',"sourcedId":' || to_json({sourced_id}) || ',"type":"{kind}"}}'"""
    )


def linked(name: str, table: str, sql_table: str, row_id: str) -> str:
    """A member that refers to one row."""
    return (
        f"""'"{name}":' || (select {link(table, "t.sourced_id")} from {sql_table} t"""
        f" where t.district_id = r.district_id and t.id = {row_id})"
    )


def links(name: str, table: str, sql_table: str, row_ids: str) -> str:
    """A member that refers to several rows, in their order."""
    return listed(
        name,
        f"select string_agg({link(table, 't.sourced_id')}, ',' order by place)"
        f" from unnest({row_ids}) with ordinality as p(id, place)"
        f" join {sql_table} t on t.district_id = r.district_id and t.id = p.id",
    )


def object_of(members: list[str]) -> str:
    """One object of its members."""
    return "'{' || concat_ws(',', " + ", ".join(members) + ") || '}'"
