"""PostHog 69939: a created model that is built late."""

from pydantic import ConfigDict, create_model

COLD = ()
WARM = ""


def value():
    return create_model("Late", __config__=ConfigDict(defer_build=True), x=(int, ...)).model_construct(x=1)


def is_right(loaded):
    return "wrong-type"
