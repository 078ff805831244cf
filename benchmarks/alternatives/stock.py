"""Nothing: generic models as Pydantic's documentation writes them. Also what a sender with install() sends."""

from pydantic import BaseModel as Model

BEFORE = ""
