"""Groups of commands, imported when one of them is called: `zonereport --help` waits for none."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from zonereport.commands.terminal import show

GROUPS = {
    "template": "List the templates, show one, begin a new one, check one.",
    "archive": "Keep each year's briefing for good: add, list, show, export, verify, compare, log, forget.",
    "email": "Email briefings: compose, preview, send, status, retry, cancel, check.",
}
"""What each group is for; its commands are the `app` of the module of its name."""


class Groups(TyperGroup):
    """The commands of the command line, with those groups among them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of commands and groups, as the help shows them."""
        return [*GROUPS, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command or group; none for any other name."""
        if cmd_name in GROUPS:
            return _Later(name=cmd_name, help=GROUPS[cmd_name])
        return super().get_command(ctx, cmd_name)


class _Later(TyperGroup):
    """A group of which only its line in the help is known until it is called."""

    def make_context(self, info_name: str | None, *args: Any, **settings: Any) -> Any:
        module = import_module(f"zonereport.commands.{self.name}")
        outer = typer.Typer(rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]})
        outer.add_typer(module.app, name=self.name, help=self.help, result_callback=show)
        group: Any = typer.main.get_command(outer)
        return group.commands[self.name].make_context(info_name, *args, **settings)
