"""Level instance as a base class. The package is picklecheck.reducers, copied to another name.

The harness keeps picklecheck out of every receiver, and here the models' own module imports the package.
"""

import pydantic
from copied_reducers import PortableGenericsMixin


class Model(PortableGenericsMixin, pydantic.BaseModel):
    """The base class."""


BEFORE = ""
