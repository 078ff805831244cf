"""One of two modules that define an Item; see `repros.collisions`."""

from pydantic import BaseModel


class Item(BaseModel):
    """The item that is sent."""

    name: str
