"""pydantic 12095, joblib 1732: a model of the script with a validator that runs before."""

from pydantic import BaseModel, model_validator

WARM = ""


class Checked(BaseModel):
    some_value: int

    @model_validator(mode="before")
    @classmethod
    def check(cls, data):
        return data


def value():
    return Checked(some_value=1001)


def is_right(loaded):
    if type(loaded) is not Checked:
        return "wrong-type"
    return "pass" if loaded.model_dump() == {"some_value": 1001} else "wrong-value"
