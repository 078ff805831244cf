"""A User, of which there are two."""

from pydantic import BaseModel


class User(BaseModel):
    name: str
