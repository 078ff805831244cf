"""picklecheck: does an instance of a Pydantic specialization survive the way to another process?"""

__version__ = "0.1.0"
