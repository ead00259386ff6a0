"""Settings: the environment before `config/settings.toml` before the built-in values.

One frozen value for all rooms; every setting is checked when it is read, so a typing error is met at the
start of a command and not in the middle of a night's crawl.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from storage.errors import SettingsError

REPOSITORY = Path(__file__).resolve().parent.parent
FILE_NAME = "settings.toml"
_SERVERS = ("auto", "mongod", "native", "secantusdb")
_T = TypeVar("_T")


@dataclass(frozen=True)
class CrawlSettings:
    """How the crawler behaves towards other people's machines."""

    contact: str
    """E-mail or web address of who runs this archive, sent in the User-Agent; empty when not given."""
    delay_seconds: float
    timeout_seconds: float
    max_mb: int
    concurrency: int
    chromium: Path | None


@dataclass(frozen=True)
class ParseSettings:
    """Limits of the worker processes that parse."""

    workers: int
    """Never 0 here: the file's 0 has become the number of usable cores."""
    seconds: float
    memory_mb: int


@dataclass(frozen=True)
class NotifySettings:
    """Who is told of a night. Nothing is sent where nothing is configured."""

    webhook: str | None = field(default=None, repr=False)
    """Its JSON is posted to this address and nowhere else. Such addresses are secrets."""
    mail_to: tuple[str, ...] = ()
    mail_from: str = ""
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    when: str = "always"
    """always, or alarms: only when a monitor found something."""


@dataclass(frozen=True)
class Settings:
    """Everything that a command is told from outside. `repr` shows no password."""

    home: Path
    """Absolute. Holds `db/` (data), `log/`, `run/` (locks and state), `dumps/`."""
    config_dir: Path
    database: str
    server: str
    """`auto`, `mongod`, `native`, `secantusdb`, or the path of one of these programs."""
    cache_mb: int
    idle_minutes: int
    patience_seconds: float
    """How long a crawl waits for a database that is away."""
    crawl: CrawlSettings
    parse: ParseSettings
    notify: NotifySettings = NotifySettings()
    mongodb_uri: str | None = field(default=None, repr=False)

    @property
    def where(self) -> str:
        """The database in words that may be shown: the address without user and password, or the home."""
        return redacted(self.mongodb_uri) if self.mongodb_uri else f"the embedded database in {self.home}"


def load(environ: Mapping[str, str] | None = None, config_dir: Path | None = None) -> Settings:
    """Read the settings.

    `environ` defaults to the process's environment; `config_dir` to NIANBAO_CONFIG, else `config/` of the
    project. Raises SettingsError naming the variable, or the file with its line and key.
    """
    environment = os.environ if environ is None else environ
    folder = _config_dir(environment, config_dir)
    read = _Reader(environment, folder / FILE_NAME)
    uri = read("database", "uri", "MONGODB_URI", None, _uri)
    settings = Settings(
        home=read("database", "home", "NIANBAO_HOME", Path("data"), _path).absolute(),
        config_dir=folder,
        database=read("database", "name", "NIANBAO_DATABASE", "nianbao", _database_name),
        server=read("database", "server", "NIANBAO_SERVER", "auto", _server),
        cache_mb=read("database", "cache_mb", "NIANBAO_CACHE_MB", 512, _integer(64, 1_000_000)),
        idle_minutes=read("database", "idle_minutes", "NIANBAO_IDLE_MINUTES", 15, _integer(0, 100_000)),
        patience_seconds=read("database", "patience_seconds", "NIANBAO_PATIENCE_SECONDS", 600.0, _number(0, 86_400)),
        crawl=CrawlSettings(
            contact=read("crawl", "contact", "NIANBAO_CONTACT", "", _contact),
            delay_seconds=read("crawl", "delay_seconds", "NIANBAO_DELAY_SECONDS", 2.0, _number(0, 3600)),
            timeout_seconds=read("crawl", "timeout_seconds", "NIANBAO_TIMEOUT_SECONDS", 45.0, _number(1, 3600)),
            max_mb=read("crawl", "max_mb", "NIANBAO_MAX_MB", 80, _integer(1, 2000)),
            concurrency=read("crawl", "concurrency", "NIANBAO_CONCURRENCY", 8, _integer(1, 256)),
            chromium=read("crawl", "chromium", "NIANBAO_CHROMIUM", None, _path),
        ),
        parse=ParseSettings(
            workers=read("parse", "workers", "NIANBAO_PARSE_WORKERS", 0, _integer(0, 256)) or _cores(),
            seconds=read("parse", "seconds", "NIANBAO_PARSE_SECONDS", 20.0, _number(0.1, 3600)),
            memory_mb=read("parse", "memory_mb", "NIANBAO_PARSE_MEMORY_MB", 1500, _integer(128, 1_000_000)),
        ),
        notify=NotifySettings(
            webhook=read("notify", "webhook", "NIANBAO_WEBHOOK", None, _web_address),
            mail_to=read("notify", "mail_to", "NIANBAO_MAIL_TO", (), _addresses),
            mail_from=read("notify", "mail_from", "NIANBAO_MAIL_FROM", "", _text),
            smtp_host=read("notify", "smtp_host", "NIANBAO_SMTP_HOST", "localhost", _text),
            smtp_port=read("notify", "smtp_port", "NIANBAO_SMTP_PORT", 25, _integer(1, 65535)),
            smtp_user=read("notify", "smtp_user", "NIANBAO_SMTP_USER", "", _text),
            smtp_password=environment.get("NIANBAO_SMTP_PASSWORD", ""),
            when=read("notify", "when", "NIANBAO_NOTIFY", "always", _when),
        ),
        mongodb_uri=uri,
    )
    read.refuse_unknown_keys()
    return settings


def redacted(uri: str) -> str:
    """A connection address without user, password and options: `mongodb://host:27017/name`."""
    scheme, _, rest = uri.partition("://")
    hosts = rest.rpartition("@")[2].partition("?")[0]
    return f"{scheme}://{hosts}" if scheme in ("mongodb", "mongodb+srv") else "(unreadable address)"


def _config_dir(environ: Mapping[str, str], given: Path | None) -> Path:
    if given is not None:
        return given.absolute()
    named = environ.get("NIANBAO_CONFIG")
    if not named:
        return REPOSITORY / "config"
    folder = _path(named).absolute()
    if not folder.is_dir():
        raise SettingsError(f"NIANBAO_CONFIG={named}: there is no such folder")
    return folder


def _cores() -> int:
    """Cores that this process may use: a container's or `taskset`'s limit counts."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Reader:
    """Reads one setting after the other and remembers which keys exist."""

    def __init__(self, environ: Mapping[str, str], file: Path) -> None:
        self._environ = environ
        self._file = file
        self._known: dict[str, list[str]] = {}
        self._text = ""
        self._sections: dict[str, object] = {}
        try:
            self._text = file.read_text(encoding="utf-8")
            self._sections = tomllib.loads(self._text)
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{file}: cannot be read: {error}") from error

    def __call__(self, section: str, key: str, variable: str, default: _T, convert: Callable[[object], _T]) -> _T:
        """The value of `variable`, else of `key` in `[section]`, else `default`; empty text is absent."""
        self._known.setdefault(section, []).append(key)
        from_environment = self._environ.get(variable, "").strip()
        if from_environment:
            try:
                return convert(from_environment)
            except ValueError as error:
                shown = "" if variable == "MONGODB_URI" else f"={from_environment}"
                raise SettingsError(f"{variable}{shown}: {error}") from None
        table = self._sections.get(section, {})
        if not isinstance(table, dict):
            raise SettingsError(f"{self._place(None, section)}: [{section}] must be a section")
        value = table.get(key)
        if value is None or value == "":
            return default
        try:
            return convert(value)
        except ValueError as error:
            raise SettingsError(f"{self._place(section, key)}: {key}: {error}") from None

    def refuse_unknown_keys(self) -> None:
        """A misspelt key would silently do nothing: say so instead."""
        for section, table in self._sections.items():
            if section not in self._known:
                raise SettingsError(
                    f"{self._place(None, section)}: unknown section [{section}]" + _like(section, self._known)
                )
            if isinstance(table, dict):
                for key in table:
                    if key not in self._known[section]:
                        raise SettingsError(
                            f"{self._place(section, key)}: unknown key {key}" + _like(key, self._known[section])
                        )

    def _place(self, section: str | None, key: str) -> str:
        """`settings.toml line 7`: the TOML reader keeps no line numbers, so the key is looked for."""
        current: str | None = None
        for number, line in enumerate(self._text.splitlines(), start=1):
            header = re.match(r"\s*\[\s*([\w.-]+)\s*\]", line)
            if header:
                current = header[1]
                if section is None and current == key:
                    return f"{self._file} line {number}"
            elif current == section and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
                return f"{self._file} line {number}"
        return f"{self._file}"


def _like(word: str, known: Mapping[str, object] | list[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be text, in quotes, and is {value!r}")
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise ValueError("must not hold control characters")
    return value


def _path(value: object) -> Path:
    return Path(_text(value)).expanduser()


def _contact(value: object) -> str:
    """Goes into a header: one line of plain ASCII."""
    text = _text(value)
    if not text.isascii():
        raise ValueError("must be an e-mail or web address in ASCII")
    return text


def _web_address(value: object) -> str:
    text = _text(value)
    if not re.match(r"https?://[^\s/]", text):
        raise ValueError("must be an http or https address")
    return text


def _addresses(value: object) -> tuple[str, ...]:
    """Mail addresses with commas between them."""
    found = tuple(part.strip() for part in _text(value).split(",") if part.strip())
    if any(not re.fullmatch(r"[^\s@,]+@[^\s@,]+", one) for one in found):
        raise ValueError("must be mail addresses, with commas between them")
    return found


def _when(value: object) -> str:
    text = _text(value)
    if text not in ("always", "alarms"):
        raise ValueError("must be always or alarms")
    return text


def _server(value: object) -> str:
    text = _text(value)
    if text not in _SERVERS and os.sep not in text:
        raise ValueError(f"must be {', '.join(_SERVERS)}, or the path of a server program; is {text}")
    return text


def _database_name(value: object) -> str:
    """MongoDB's own rules, strictest platform."""
    text = _text(value)
    if re.search(r"[/\\. \"$*<>:|?]", text) or len(text.encode()) > 63 or text in ("admin", "local", "config"):
        raise ValueError('must be a database name: no space and none of / \\ . " $ * < > : | ?, at most 63 bytes')
    return text


def _uri(value: object) -> str:
    """Form only; whether it answers is found out on connecting. No error's text holds the address."""
    text = _text(value)
    if not text.startswith(("mongodb://", "mongodb+srv://")):
        raise ValueError("must start with mongodb:// or mongodb+srv://")
    return text


def _integer(least: int, most: int) -> Callable[[object], int]:
    def convert(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,12}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}, and is {value!r}")
        return value

    return convert


def _number(least: float, most: float) -> Callable[[object], float]:
    def convert(value: object) -> float:
        if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,12}(\.\d*)?", value):
            value = float(value)
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"must be a number from {least} to {most}, and is {value!r}")
        return float(value)

    return convert
