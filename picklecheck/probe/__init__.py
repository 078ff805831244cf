"""The program that runs inside the environment under test: standard library only, Python 3.8 and later.

It is copied into a staging folder as ``picklecheck_probe`` and runs from there, so nothing of the environment in
which the command line lives can leak in. Roles: ``produce``, ``receive`` and ``relay`` judge one cell, ``catalog``
lists the scenarios, ``server`` starts the processes of the others. What they saw goes out as JSON, over a descriptor
of its own.
"""
