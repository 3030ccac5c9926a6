"""Reads one CSV file into a frame of strings, with every faulty record as a finding and none lost in silence.

The quick way (``quickly``) hands the bytes to Polars and proves afterwards, line by line, that its cells account for
every byte. Only a file that fails the proof is taken apart by ourselves (``lines``).
Rows keep their number: record 1 is the first after the header. Text rules: RFC 4180 as narrowed by OneRoster 1.2 (3.2).
"""

from firstbell.engine.csvfile.file import CsvFile
from firstbell.engine.csvfile.names import is_header, names_a_secret, names_an_id
from firstbell.engine.csvfile.read import read_csv, read_header

__all__ = ["CsvFile", "is_header", "names_a_secret", "names_an_id", "read_csv", "read_header"]
