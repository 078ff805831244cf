"""Commands whose options may stand in a configuration file: flag > PICKLECHECK_* > file > default."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from picklecheck.cli.config_file import Config, find_config, read_config
from picklecheck.cli.outputs import say
from picklecheck.errors import UsageError
from picklecheck.plan.targets import targets_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PREFIX = "PICKLECHECK_"
_OWN = ("config", "no_config", "show_config")


class ConfiguredCommand(click.Command):
    """A command with ``--config``, ``--no-config`` and ``--show-config``, and a variable for each of its options."""

    def __init__(self, name: str | None, **attributes: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(name, **attributes)
        self._help_said: click.Option | None = None
        for parameter in self.params:
            parameter.envvar = parameter.envvar or variable(parameter)
        self.params += [
            click.Option(
                ["--config"],
                metavar="FILE",
                envvar=PREFIX + "CONFIG",
                is_eager=True,
                callback=self._read,
                help="Take options from this file.  [default: picklecheck.toml or pyproject.toml, here or above]",
            ),
            click.Option(["--no-config"], is_flag=True, is_eager=True, callback=self._read, help="Read no such file."),
            click.Option(["--show-config"], is_flag=True, help="Print each option and where it comes from, and end."),
        ]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return one and the same: older clicks make one each time, and forget that ``--help`` was said first."""
        self._help_said = self._help_said or super().get_help_option(ctx)
        return self._help_said

    def _read(self, context: click.Context, parameter: click.Parameter, value: object) -> object:
        """Make what the file says the defaults of all other options; raises UsageError."""
        context.meta[f"picklecheck.{parameter.name}"] = value
        said = [context.meta.get(f"picklecheck.{name}", ...) for name in _OWN[:2]]
        if ... not in said:  # both have been seen, in whatever order
            config = _find(*said)
            context.meta["picklecheck"] = config
            context.default_map = dict(self._defaults(context, config))
        return value

    def _defaults(self, context: click.Context, config: Config) -> Iterator[tuple[str, Any]]:
        by_key = {key_of(parameter): parameter for parameter in self.params}
        said = dict(config.of(str(self.name)))
        if config.path is not None:
            said.setdefault("path", [str(config.path.parent)])  # targets lie beside the file that names them
        for key, value in said.items():
            parameter = by_key.get("matrix" if key == "file" else key)
            if parameter is None or parameter.name is None:
                continue  # a key of other commands
            is_list = parameter.multiple or parameter.nargs == -1
            values = [value] if is_list and not isinstance(value, list) else value
            try:
                for one in values if is_list else [value]:
                    _check_kind(parameter, one)
                parameter.type_cast_value(context, values)
            except click.BadParameter as error:
                msg = f"{config.path}: {key!r} cannot be {value!r}: {error.message}"
                name = context.command_path.partition(" ")[2] or self.name
                raise UsageError(msg, f"'picklecheck {name} --help' tells what the option takes.") from error
            yield parameter.name, values

    def invoke(self, context: click.Context) -> Any:  # noqa: ANN401 - click's
        """Run the command, or say what it would run with."""
        *_, is_shown = [context.params.pop(name) for name in _OWN]
        if context.get_parameter_source("selection") is ParameterSource.ENVIRONMENT and not context.params["selection"]:
            msg = f"{PREFIX}SCENARIOS is empty."
            raise UsageError(msg, "Fill it, or unset it.")
        if not is_shown:
            return super().invoke(context)
        for line in _shown(context, self):
            say(line)
        return None


def key_of(parameter: click.Parameter) -> str:
    """Return what an option is called in a file."""
    name = max(parameter.opts, key=len).removeprefix("--")
    return "scenarios" if name == "selection" else name


def variable(parameter: click.Parameter) -> str:
    """Return the environment variable of an option."""
    return PREFIX + key_of(parameter).upper().replace("-", "_")


def project_folder(context: click.Context) -> Path:
    """Return the folder of the configuration file, else the nearest with a pyproject.toml, else the working folder."""
    config: Config = context.meta["picklecheck"]
    if config.path is not None:
        return config.path.parent
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "pyproject.toml").is_file()), here)


def configured_targets(context: click.Context) -> tuple[str, ...] | None:
    """Return the targets that the configuration file names for any command; None if others were asked for this time."""
    if context.get_parameter_source("selection") is not ParameterSource.DEFAULT_MAP:
        return None
    config: Config = context.meta["picklecheck"]
    words = [word for said in config.values.values() for word in _listed(said.get("scenarios", ()))]
    return tuple(one.id for one in targets_in(words))


def _listed(value: Any) -> Sequence[str]:  # noqa: ANN401 - what a file says
    return [value] if isinstance(value, str) else value


def _check_kind(parameter: click.Parameter, value: object) -> None:
    """Refuse what click would convert: 3.10 without quotes is the number 3.1, and a list as text is no path."""
    wanted: tuple[type, ...] = (str,)
    words = "a string is wanted, in quotes."
    if isinstance(parameter.type, click.types.BoolParamType):
        wanted, words = (bool,), "true or false is wanted."
    elif isinstance(parameter.type, click.types.IntParamType | click.types.FloatParamType):
        is_whole = isinstance(parameter.type, click.types.IntParamType)
        wanted, words = (int,) if is_whole else (int, float), "a number is wanted."
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        raise click.BadParameter(words)


def _find(name: object, is_unwanted: object) -> Config:
    if is_unwanted:
        return Config()
    if isinstance(name, str) and not Path(name).is_file():
        msg = f"--config {name!r} is no file."
        raise UsageError(msg, "Give the path of a picklecheck.toml or a pyproject.toml.")
    path = Path(name) if isinstance(name, str) else find_config(Path.cwd())
    return read_config(Path(os.path.abspath(path))) if path is not None else Config()  # noqa: PTH100 - links stay


def _shown(context: click.Context, command: click.Command) -> Iterator[str]:
    config = context.meta["picklecheck"]
    yield f"configuration file: {config.path or 'none'}"
    rows = []
    for parameter in command.params:
        if parameter.name is None or parameter.name in _OWN:
            continue
        value = _words(context.params.get(parameter.name))
        source = context.get_parameter_source(parameter.name)
        where = "default"
        if source is ParameterSource.COMMANDLINE:
            where = "command line"
        elif source is ParameterSource.ENVIRONMENT:
            where = str(parameter.envvar)
        elif source is ParameterSource.DEFAULT_MAP:
            where = config.path.name
        rows.append((key_of(parameter), value, where))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for key, value, where in rows:
        yield f"{key:{widths[0]}}  {value:{min(widths[1], 60)}}  {where}"


def _words(value: object) -> str:
    if isinstance(value, tuple | list):
        return " ".join(map(str, value)) or "-"
    if isinstance(value, bool):
        return str(value).lower()
    return "-" if value is None else str(value)
