"""The other of two modules that define an Item; see `repros.collisions`."""

from pydantic import BaseModel


class Item(BaseModel):
    """The item that is not sent."""

    name: str
