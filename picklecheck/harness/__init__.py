"""Where cells are run: workers, the processes that they start, and what is kept of their results."""
