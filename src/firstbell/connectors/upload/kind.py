"""The kind: nothing to set."""

from firstbell.connectors.contract import Kind, Way

KIND = Kind("upload", "Upload", "Somebody uploads the files on the page, whenever there are new ones.", Way.BROUGHT)
