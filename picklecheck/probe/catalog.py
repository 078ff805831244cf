"""List the scenarios of catalogue modules: what the command line needs to know, so that it never imports one."""

import importlib

from picklecheck_probe.role import Role


def list_scenarios(package):
    """Report the scenarios of a catalogue package, in the order of their definition, and end the process."""
    role = Role()
    scenarios = []
    for family in importlib.import_module(package).FAMILIES:
        module_name = "%s.%s" % (package, family)
        module = importlib.import_module(module_name)
        for name, value in vars(module).items():
            if hasattr(value, "check_loaded") and value.build.__module__ == module_name:
                scenarios.append(
                    {
                        "id": "%s.%s" % (family, name),
                        "defined_in": module_name,
                        "name": name,
                        "summary": value.summary,
                        "expressions": list(value.expressions),
                        "module": value.module,
                        "before": value.before,
                        "warm": list(value.warm),
                        "warm_before": value.warm_before,
                        "beyond": list(value.beyond),
                    }
                )
    role.channel.send(scenarios=scenarios, stage="done")
    role.finish()
