"""A script of the user's: run as its user runs it, and recognized in a module."""

import ast
import builtins
import sys
import types


def run_as_main(path):
    """Run a file as ``python FILE`` does and return what it made of ``__main__``.

    It replaces the program that calls this. ``sys.exit()`` is an end like any other unless it tells of a failure: then
    SystemExit comes out, as does whatever else the script raises.
    """
    sys.argv = [path]
    module = types.ModuleType("__main__")
    module.__file__ = path
    module.__builtins__ = builtins  # the module, as in a program that Python runs; exec would put the dict there
    sys.modules["__main__"] = module
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    try:
        exec(code, module.__dict__)
    except SystemExit as error:
        if error.code not in (None, 0):
            raise
    return module


def is_also_a_script(path):
    """Has a module's file a block at its top level that runs when the file is started as a script?"""
    try:
        with open(path, "rb") as file:
            body = ast.parse(file.read()).body
    except (OSError, SyntaxError, ValueError):
        return False
    if any(isinstance(node, ast.ImportFrom) and node.level for node in body):
        return False  # relative imports: it can be started with -m at most
    return any(isinstance(node, ast.If) and _asks_for_main(node.test) for node in body)


def _asks_for_main(test):
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = [test.left, test.comparators[0]]
    names = [one.id for one in sides if isinstance(one, ast.Name)]
    texts = [one.value for one in sides if isinstance(one, ast.Constant)]
    return names == ["__name__"] and texts == ["__main__"]
