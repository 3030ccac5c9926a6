"""Vendor staff: all districts, and the way into one."""
