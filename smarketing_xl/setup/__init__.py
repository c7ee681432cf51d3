"""Connecting a workbook with Python, and finding out why it is not."""
