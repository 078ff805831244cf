"""The last lines of a report: the answer to what was asked, in sentences."""
