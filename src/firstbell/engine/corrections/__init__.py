"""Corrections: how one source spells things its own way, declared once and replayed on every later file.

``kinds`` says what can be declared, ``parsing`` reads it from settings, ``applying`` does it to the cells of a file,
``reading`` is the door through which every format reads its files, ``proposing`` guesses what a person could declare,
``previewing`` shows before and after. Why it is so: docs/adr/0010-corrections-of-a-source.md.
"""
