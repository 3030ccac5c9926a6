"""Proves after a restore that the keys open the data: each district's key, and files of its runs."""

from collections import defaultdict
from typing import BinaryIO, cast

from django.core.files.storage import default_storage

from firstbell.domain.backups.manifest import Manifest
from firstbell.domain.backups.reading import Nowhere
from firstbell.domain.backups.refusals import NotRestored
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealed_streams import Unsealable
from firstbell.domain.districts.sealing import seal, unseal, unseal_stream

FILES_OF_EACH = 3
NAME = "restored"


def ensure_keys_open(manifest: Manifest) -> None:
    """Open every district's key, and a few files of each. Raises NotRestored."""
    files = defaultdict(list)
    for name in manifest.files:
        files[name.split("/")[1]].append(name)
    for district in District.objects.order_by("pk").iterator():
        try:
            unseal(district, seal(district, b"x", name=NAME), name=NAME)
            for name in files[str(district.pk)][-FILES_OF_EACH:]:
                with default_storage.open(name) as sealed:
                    unseal_stream(district, cast("BinaryIO", sealed), cast("BinaryIO", Nowhere()), name=name)
        except (Unsealable, ValueError):
            raise NotRestored(f"The keys do not open what {district.code} has sealed.") from None
