"""Baselines: what a team has seen and recorded, cell by cell, and how a run stands to it."""
