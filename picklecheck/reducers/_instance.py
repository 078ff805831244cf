"""Level "instance": ``__reduce_ex__`` on the model answers with origin, arguments and state."""

from __future__ import annotations

import copyreg
import functools
import types
import weakref
from typing import TYPE_CHECKING, Any, Callable, Generic, TypeVar, cast

from pydantic import BaseModel

from ._per_class import PerClass
from ._reference import reference_to
from ._specialization import Recipe, is_specialization

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ._layers import Switch

    ReduceEx = Callable[[Any, SupportsIndex], Recipe]

ModelT = TypeVar("ModelT", bound=BaseModel)

# pickle recognizes these two by their __name__, and then insists that the first argument is the instance's class; a
# reference is not. A partial has no __name__, so it is called like any function.
_WITHOUT_NAME = {
    copyreg.__newobj__: functools.partial(copyreg.__newobj__),  # type: ignore[attr-defined]
    copyreg.__newobj_ex__: functools.partial(copyreg.__newobj_ex__),  # type: ignore[attr-defined]
}
_reconstructor = copyreg._reconstructor  # type: ignore[attr-defined] # noqa: SLF001 - older than protocol 2

# From this protocol on, pickle's default for an object is copyreg.__newobj__.
_NEWOBJ_PROTOCOL = 2

# A __new__ that does nothing of its own. Generic has one on Python 3.8 (removed in 3.9).
_PLAIN_NEW: tuple[Any, ...] = (object.__new__, getattr(Generic, "__new__"))  # noqa: B009 - mypy does not know it


class _Plan:
    """How the instances of one class are reduced; decided once, when the first one is pickled."""

    __slots__ = ("arguments", "is_default", "is_ordinary", "reference")

    def __init__(self, cls: type) -> None:
        reference = reference_to(cls) if is_specialization(cls) else cls
        has_reducer = _has_reducer_of_its_own(cls)
        is_created_plainly = _is_created_plainly(cls)
        self.is_default = reference is cls or has_reducer
        # pickle's default is a call of copyreg.__newobj__ with the class alone.
        self.is_ordinary = self.is_default and is_created_plainly and not has_reducer
        self.reference = None if self.is_default else reference
        # One tuple for all instances: pickle's memo stores it once a stream.
        self.arguments = (reference, object, None) if is_created_plainly and not self.is_default else None


_plans: PerClass[_Plan] = PerClass()


def _has_reducer_of_its_own(cls: type) -> bool:
    for base in cls.__mro__:
        # object has the default, the mixin ours; and who patches BaseModel (we do) doesn't mean this model.
        if base in (object, BaseModel, PortableGenericsMixin):
            continue
        if "__reduce__" in vars(base) or not isinstance(vars(base).get("__reduce_ex__"), (type(None), _PortableReduce)):
            return True
    return False


def _is_created_plainly(cls: type) -> bool:
    has_arguments = hasattr(cls, "__getnewargs_ex__") or hasattr(cls, "__getnewargs__")
    return cls.__new__ in _PLAIN_NEW and not has_arguments


def reduce_instance(instance: Any, protocol: SupportsIndex) -> tuple[Any, ...] | None:
    """Return the recipe for an instance of a specialization, or None where pickle's default is to be used.

    The default is for classes that are no specializations, and for models with a ``__reduce__`` or ``__reduce_ex__``
    of their own. The state is what the model's ``__getstate__`` says; nothing is validated.
    """
    cls = type(instance)
    plan = _plans.get(weakref.ref(cls)) or _plans.put(cls, _Plan(cls))
    if plan.arguments is not None:
        return _reconstructor, plan.arguments, instance.__getstate__()
    if plan.is_default:
        return None
    return _default_recipe_with_reference(instance, protocol, plan.reference)


def _default_recipe_with_reference(instance: Any, protocol: SupportsIndex, reference: object) -> tuple[Any, ...] | None:
    """For models with a ``__new__`` or ``__getnewargs__``: whatever pickle would do, with the class replaced."""
    recipe = object.__reduce_ex__(instance, protocol)
    if isinstance(recipe, str) or not recipe[1] or recipe[1][0] is not type(instance):
        return None
    function, arguments = recipe[0], (reference, *recipe[1][1:])
    return (_WITHOUT_NAME.get(function, function), arguments, *recipe[2:])


class PortableGenericsMixin:
    """Base class of generic models whose specializations shall load in every process.

    A plain class, named before ``BaseModel``; models that inherit from the model get it, too::

        class Box(PortableGenericsMixin, BaseModel, Generic[T]): ...
    """

    __slots__ = ()

    def __reduce_ex__(self, protocol: SupportsIndex) -> Recipe:
        """Answer pickle with origin, arguments and state."""
        return reduce_instance(self, protocol) or super().__reduce_ex__(protocol)


class _PortableReduce:
    """``__reduce_ex__`` of one model, as an object that knows how to pickle itself.

    cloudpickle ships a class of ``__main__`` by value, with all its attributes. A function of ours would put our name
    into the payload; this arrives as ``object.__reduce_ex__``.
    """

    __slots__ = ("_function",)

    def __init__(self, owner: type[BaseModel]) -> None:
        def reduce_ex(self: Any, protocol: SupportsIndex) -> Recipe:
            return reduce_instance(self, protocol) or super(owner, self).__reduce_ex__(protocol)  # type: ignore[misc]

        self._function: ReduceEx = reduce_ex

    def __get__(self, instance: Any, owner: object = None) -> Any:
        return self._function if instance is None else types.MethodType(self._function, instance)

    def __reduce__(self) -> Recipe:
        return getattr, (object, "__reduce_ex__")


def portable(cls: type[ModelT]) -> type[ModelT]:
    """Make one generic model and its specializations portable: the class decorator.

    A model that defines ``__reduce_ex__`` or ``__reduce__`` itself keeps that. Raises TypeError if ``cls`` is not a
    Pydantic model.
    """
    if not (isinstance(cls, type) and issubclass(cls, BaseModel)):
        message = f"portable is for Pydantic models, not for {cls!r}"
        raise TypeError(message)
    if "__reduce_ex__" not in vars(cls):
        cls.__reduce_ex__ = _PortableReduce(cls)  # type: ignore[method-assign, assignment]
    return cls


def make_base_model_reduce_ex(switch: Switch, previous: ReduceEx | None) -> ReduceEx:
    """Build the ``__reduce_ex__`` for BaseModel itself; ``previous`` is what somebody else put there before us."""
    newobj = copyreg.__newobj__  # type: ignore[attr-defined]
    get_plan, ref = _plans.get, weakref.ref

    def __reduce_ex__(self: Any, protocol: SupportsIndex) -> Recipe:  # noqa: N807 - a name for tracebacks
        if switch.is_on:
            cls = type(self)
            plan = get_plan(ref(cls)) or _plans.put(cls, _Plan(cls))
            if plan.arguments is not None:  # what reduce_instance does first, without calling it for each instance
                return _reconstructor, plan.arguments, self.__getstate__()
            if plan.is_ordinary and previous is None and protocol >= _NEWOBJ_PROTOCOL:  # type: ignore[operator]
                # As object.__reduce_ex__ answers, in less time.
                return newobj, (cls,), self.__getstate__(), None, None
            recipe = reduce_instance(self, protocol)
            if recipe is not None:
                return recipe
        if previous is not None:
            return previous(self, protocol)
        return cast("Recipe", super(BaseModel, self).__reduce_ex__(protocol))

    return __reduce_ex__
