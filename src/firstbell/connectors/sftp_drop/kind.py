"""The kind: nothing to set, a user with a password is made for it."""

from firstbell.connectors.contract import Kind, Way

KIND = Kind(
    "sftp_drop",
    "SFTP drop",
    "The student information system sends its export every night to an SFTP server of ours.",
    Way.BROUGHT,
)
