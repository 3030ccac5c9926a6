"""The kinds of sources there are, in the order in which a person chooses among them. A new one is one line here."""

from firstbell.connectors.classlink.kind import KIND as CLASSLINK
from firstbell.connectors.clever.kind import KIND as CLEVER
from firstbell.connectors.contract import Kind
from firstbell.connectors.oneroster_rest.kind import KIND as ONEROSTER_REST
from firstbell.connectors.sftp_drop.kind import KIND as SFTP_DROP
from firstbell.connectors.sftp_pull.kind import KIND as SFTP_PULL
from firstbell.connectors.upload.kind import KIND as UPLOAD
from firstbell.connectors.watched_folder.kind import KIND as WATCHED_FOLDER
from firstbell.connectors.web_drop.kind import KIND as WEB_DROP

ALL = (UPLOAD, SFTP_DROP, SFTP_PULL, ONEROSTER_REST, CLASSLINK, CLEVER, WEB_DROP, WATCHED_FOLDER)
KINDS: dict[str, Kind] = {kind.code: kind for kind in ALL}
