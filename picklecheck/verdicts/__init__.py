"""What became of a cell, and why: from what the processes witnessed to outcome, code, reason and cure. Pure."""
