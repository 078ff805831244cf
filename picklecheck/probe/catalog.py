"""List the scenarios of catalogue modules: what the command line needs to know, so that it never imports one."""

import importlib

from .role import Role


def list_scenarios(package):
    """Report the scenarios of a catalogue package, in the order of their definition, and end the process."""
    role = Role()
    scenarios = []
    for family, modules in importlib.import_module(package).FAMILIES.items():
        for module_name in modules:
            module = importlib.import_module("%s.%s" % (package, module_name))
            for name, value in vars(module).items():
                if hasattr(value, "check_loaded") and value.build.__module__ == module.__name__:
                    scenarios.append(_describe(family, name, value))
    role.channel.send(scenarios=scenarios, stage="done")
    role.finish()


def _describe(family, name, scenario):
    return {
        "id": "%s.%s" % (family, name),
        "defined_in": scenario.build.__module__,
        "name": name,
        "summary": scenario.summary,
        "expressions": list(scenario.expressions),
        "module": scenario.module,
        "before": scenario.before,
        "warm": list(scenario.warm),
        "warm_before": scenario.warm_before,
        "beyond": list(scenario.beyond),
    }
