"""Connections: how a source's roster comes by itself, when, and how it has gone."""
