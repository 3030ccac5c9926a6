"""The fuzzer of reading: the properties of tests/engine/accounts.py, with as many examples as there is time for."""
