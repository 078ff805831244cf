"""Make instances of Pydantic specializations (``Box[int]``) load in every process, warm or cold.

Pydantic creates the class ``Box[int]`` at run time; pickle stores it as "module + name", which a fresh process
cannot look up. The reducers here store ``operator.getitem(Box, (int,))`` instead, which *is* ``Box[int]``.

The promise: a payload names the standard library and the user's own modules, nothing of this package. Receivers
need none of it, and stored payloads do not depend on it. (cloudpickle names itself where it has to, as ever.)

Two levels::

    install()                   # "class": every pickler of this process; specializations as values, too
    install(level="instance")   # only ``__reduce_ex__`` of the instances

    @portable                   # the "instance" level for one model and its specializations,
    class Box(BaseModel, Generic[T]): ...

    class Box(PortableGenericsMixin, BaseModel, Generic[T]): ...    # or as a base class

Only pickling is changed, so each process that dumps needs this: call ``install()`` in the module that defines the
models, or have payloads install it where they are loaded, ``install(propagate=True)``. Those name ``install_on_load``,
which is the one exception to the promise. (With the mixin or the decorator it is the user's module that imports this.)

The folder stands alone (Python 3.8+, Pydantic 2.0+, nothing else) and may be copied as it is.

Not covered: picklers whose own ``dispatch_table`` does not fall back to ``copyreg``'s: give those
``reduce_specialization``. docs/fix.md has the whole list.
"""

from ._install import Level, install, installed, is_installed, uninstall
from ._instance import PortableGenericsMixin, portable
from ._propagation import install_on_load
from ._recipe import reduce_specialization

__all__ = [
    "Level",
    "PortableGenericsMixin",
    "install",
    "install_on_load",
    "installed",
    "is_installed",
    "portable",
    "reduce_specialization",
    "uninstall",
]
