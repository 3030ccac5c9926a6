"""Stops an upload that is too large while it comes, so that it fills neither memory nor disk."""

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

TOO_LARGE = "upload_is_too_large"


class LimitedUpload(TemporaryFileUploadHandler):
    """Writes files to disk as they come; past the limit (of all files together) it reads on and keeps nothing."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._came = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Count what comes."""
        self._came += len(raw_data)
        if self._came > settings.FIRSTBELL_MAX_UPLOAD_BYTES:
            setattr(self.request, TOO_LARGE, True)
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)
