"""Firstbell: every student and teacher in the right class by the first bell."""
