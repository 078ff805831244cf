"""sqlmodel: an attribute that a library puts into the object, and leaves out of its state."""

from pydantic import BaseModel

COLD = ()
WARM = ""


class Row(BaseModel):
    id: int

    def model_post_init(self, context):
        self.__dict__["_instance_state"] = object()

    def __getstate__(self):
        state = super().__getstate__()
        own = {name: one for name, one in state["__dict__"].items() if name != "_instance_state"}
        return {**state, "__dict__": own}

    def __setstate__(self, state):
        super().__setstate__(state)
        self.__dict__["_instance_state"] = object()


def value():
    return Row(id=1)


def is_right(loaded):
    if type(loaded) is not Row:
        return "wrong-type"
    return "pass" if loaded.id == 1 and "_instance_state" in vars(loaded) else "wrong-value"
