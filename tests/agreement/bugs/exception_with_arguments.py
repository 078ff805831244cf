"""django-ninja 822: an exception whose constructor asks for what it does not hand on."""

COLD = ()
WARM = ""


class Failed(Exception):
    def __init__(self, *, errors):
        self.errors = errors
        super().__init__()


def value():
    return Failed(errors=[])


def is_right(loaded):
    return "pass" if type(loaded) is Failed else "wrong-type"
