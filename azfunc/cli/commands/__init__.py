"""The subcommands of `azfunc`: each module here is one; `azfunc.cli.command_modules` says what it has."""
