"""A reducer that only the module of the sender registers."""

import copyreg

from bugs.money import Money

copyreg.pickle(Money, lambda money: (Money, (money._amount,)))
COLD = ()
WARM = ""


def value():
    return Money(5)


def is_right(loaded):
    if type(loaded) is not Money:
        return "wrong-type"
    return "pass" if loaded == Money(5) else "wrong-value"
