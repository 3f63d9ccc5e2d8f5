"""Configuration: one structure, from which the TOML keys, the command line's flags, options in other linters and the docs are
derived."""

from __future__ import annotations

from nosyncio.config.files import Located, discover, from_bytes, from_file, nosyncio_table
from nosyncio.config.hosts import HOST_OPTIONS, HostOption, host_cache, host_overrides
from nosyncio.config.options import (
    DEFAULT_BASELINE,
    OPTIONS,
    Config,
    ConfigError,
    check_globs,
    compile_globs,
    from_table,
    glob_problem,
    key_of,
    merged,
    option_help,
    type_of,
)
from nosyncio.config.problems import did_you_mean

__all__ = [
    "DEFAULT_BASELINE",
    "HOST_OPTIONS",
    "OPTIONS",
    "Config",
    "ConfigError",
    "HostOption",
    "Located",
    "check_globs",
    "compile_globs",
    "did_you_mean",
    "discover",
    "from_bytes",
    "from_file",
    "from_table",
    "glob_problem",
    "host_cache",
    "host_overrides",
    "key_of",
    "merged",
    "nosyncio_table",
    "option_help",
    "type_of",
]
