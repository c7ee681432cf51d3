"""The part of the extension that needs nothing but LibreOffice."""
