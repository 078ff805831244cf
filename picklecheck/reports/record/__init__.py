"""What is kept of a matrix from release to release: the record, and what changed since."""
