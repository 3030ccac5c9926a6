"""What can be wrong when records meet the roster: whom they mean, and whether they mean the same as before."""

from firstbell.engine.catalogue.said import Said

MATCHING: tuple[Said, ...] = (
    (
        "warning",
        "removals-stopped",
        "Nothing of this kind was removed, because records have no readable id ({detail}).",
        "Correct those records; removals follow with the next file.",
    ),
    (
        "warning",
        "key-claimed-twice",
        "{column} {value} is claimed by {detail} records, so it was not used to recognise anyone.",
        "Give each person a key of their own.",
    ),
    (
        "warning",
        "key-not-corroborated",
        "{column} {value} belongs to somebody with another name and birth date, so the two were kept apart.",
        "Check whether the key was given to a new person.",
    ),
    (
        "error",
        "id-recycled",
        "The id was used for {detail} until now and seems to carry another person.",
        "Confirm the new person in the run, or restore the old id in the student information system.",
    ),
    (
        "error",
        "class-id-recycled",
        "The id was used for {detail} until now and seems to carry another class.",
        "Confirm the new class in the run, or give the class an id of its own.",
    ),
    (
        "warning",
        "contributor-unmatched",
        "Nobody on the roster has the keys of this record, and this source may not add people.",
        "Check the key, or add the person to the student information system.",
    ),
)
