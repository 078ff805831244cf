"""A secret in a specialization: what it prints is not what it holds."""

from bugs.library import Box
from pydantic import SecretStr

SecretBox = Box[SecretStr]
COLD = ("bugs.library",)
WARM = "from bugs.library import Box\nfrom pydantic import SecretStr\nHELD = Box[SecretStr]"


def value():
    return SecretBox(value="x")


def is_right(loaded):
    if type(loaded) is not SecretBox:
        return "wrong-type"
    return "pass" if loaded.value.get_secret_value() == "x" else "wrong-value"
