"""Inputs of public bug reports and questions, each rebuilt in a few lines: what somebody sent, and what is right.

Each module has `value()`, what is sent; `is_right(loaded)`, which says in plain Python what arrived; `COLD`, the modules
that define the generic models of the value; and `WARM`, the text of a program that evaluated the same specializations
itself (None: no other program can).
"""
