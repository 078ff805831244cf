"""The report as JSON: its types, its schema, how it is written, read and merged."""
