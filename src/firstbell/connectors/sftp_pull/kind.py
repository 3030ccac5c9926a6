"""The kind: an SFTP server of the district or an integrator."""

from firstbell.connectors.contract import Entry, Kind, Setting, Way
from firstbell.connectors.sftp_pull.connector import SftpPull
from firstbell.connectors.sftp_pull.settings import NEWEST, PLAIN_FILES, PLAIN_PORT

KIND = Kind(
    "sftp_pull",
    "SFTP server of yours",
    "We fetch the files from an SFTP server of the district or its integrator, by a timetable.",
    Way.FETCHED,
    (
        Setting("host", "Server", "Its name, such as sftp.example.org, from whoever runs it.", Entry.ADDRESS),
        Setting("port", "Port", "Mostly 22.", Entry.NUMBER, required=False, default=str(PLAIN_PORT), most=65535),
        Setting("username", "Username", "As whoever runs the server gave it to you."),
        Setting("password", "Password", "Leave it blank where a private key is used.", Entry.SEALED, required=False),
        Setting(
            "private_key",
            "Private key",
            "In PEM or OpenSSH's form, without a passphrase, made for this purpose alone. Leave it blank where a"
            " password is used.",
            Entry.SEALED_LINES,
            required=False,
        ),
        Setting(
            "host_key",
            "Key of the server",
            "Its fingerprint (SHA256:...) or public key, one a line, from whoever runs it. Left blank, the test of the"
            " connection tells which one it shows; nothing is fetched before one is entered.",
            Entry.LINES,
            required=False,
        ),
        Setting("folder", "Folder", "Where the files lie; blank for where one gets by signing in.", required=False),
        Setting(
            "files",
            "Names of files",
            "With commas between them; * stands for anything.",
            required=False,
            default=PLAIN_FILES,
        ),
        Setting(
            "take",
            "Which of them",
            "All together are one roster, or each is a roster by itself and the newest counts.",
            Entry.CHOICE,
            default="all",
            choices=(("all", "All together"), (NEWEST, "The newest alone")),
        ),
    ),
    SftpPull(),
)
