"""Settings: which source wins, and what a typing error is told."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from storage.errors import SettingsError
from storage.settings import FILE_NAME, REPOSITORY, Settings, load, redacted

SECRET = "mongodb://reader:p%40ss@db.example:27017,b.example/admin?replicaSet=rs0&authSource=admin"


def write(folder: Path, text: str) -> Path:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return folder


def test_without_anything_the_built_in_values_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load({}, tmp_path)
    assert settings.home == tmp_path / "data"
    assert settings.mongodb_uri is None
    assert (settings.database, settings.server) == ("nianbao", "auto")
    assert (settings.cache_mb, settings.idle_minutes) == (512, 15)
    assert settings.crawl.delay_seconds == 2.0
    assert settings.parse.workers >= 1


def test_the_environment_wins_over_the_file_and_the_file_over_the_built_in(tmp_path: Path) -> None:
    write(tmp_path, '[database]\nname = "from_file"\ncache_mb = 100\n[crawl]\ndelay_seconds = 3\n')
    settings = load({"NIANBAO_DATABASE": "from_environment", "NIANBAO_CACHE_MB": ""}, tmp_path)
    assert settings.database == "from_environment"
    assert settings.cache_mb == 100, "an empty variable is as good as none"
    assert settings.crawl.delay_seconds == 3.0


def test_the_folder_comes_from_the_environment(tmp_path: Path) -> None:
    write(tmp_path, "[database]\nidle_minutes = 0\n")
    settings = load({"NIANBAO_CONFIG": str(tmp_path)})
    assert settings.config_dir == tmp_path
    assert settings.idle_minutes == 0
    with pytest.raises(SettingsError, match=r"NIANBAO_CONFIG=.*no such folder"):
        load({"NIANBAO_CONFIG": str(tmp_path / "nowhere")})


def test_no_password_is_ever_shown(tmp_path: Path) -> None:
    settings = load({"MONGODB_URI": SECRET}, tmp_path)
    assert settings.mongodb_uri == SECRET
    for shown in (repr(settings), str(settings), settings.where):
        assert "p%40ss" not in shown
        assert "reader" not in shown
    assert settings.where == "mongodb://db.example:27017,b.example/admin"


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("mongodb+srv://u:p@cluster.example", "mongodb+srv://cluster.example"),
        ("mongodb://localhost:27017", "mongodb://localhost:27017"),
        ("mongodb://u:pa?ss@host/x", "mongodb://host/x"),
        ("mongodb://u:p@ss@host/x?a=b", "mongodb://host/x"),
        ("u:p@host", "(unreadable address)"),
    ],
)
def test_an_address_is_shown_without_user_and_password(uri: str, shown: str) -> None:
    assert redacted(uri) == shown


@pytest.mark.parametrize(
    ("environment", "text"),
    [
        ({"NIANBAO_CACHE_MB": "much"}, "NIANBAO_CACHE_MB=much: must be a whole number from 64 to 1000000"),
        ({"NIANBAO_CACHE_MB": "1"}, "must be a whole number"),
        ({"NIANBAO_IDLE_MINUTES": "-1"}, "NIANBAO_IDLE_MINUTES"),
        ({"NIANBAO_DELAY_SECONDS": "nan"}, "must be a number"),
        ({"NIANBAO_DATABASE": "a b"}, "must be a database name"),
        ({"NIANBAO_DATABASE": "admin"}, "must be a database name"),
        ({"NIANBAO_DATABASE": "年" * 22}, "must be a database name"),
        ({"NIANBAO_SERVER": "mysql"}, "auto, mongod, native, secantusdb, or the path"),
        ({"NIANBAO_CONTACT": "张三"}, "ASCII"),
        ({"NIANBAO_CONTACT": "a\nX-Evil: b"}, "control characters"),
    ],
)
def test_a_wrong_variable_is_named(environment: dict[str, str], text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=re.escape(text)):
        load(environment, tmp_path)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ('[database]\n\ncache_mb = "512"\n', None),
        ("[database]\n\ncache_mb = true\n", "settings.toml line 3: cache_mb: must be a whole number"),
        ("[database]\nname = 5\n", "settings.toml line 2: name: must be text, in quotes, and is 5"),
        ("[crawl]\ncache_mb = 5\n", "settings.toml line 2: unknown key cache_mb"),
        ("[crawl]\ndelay_second = 5\n", "settings.toml line 2: unknown key delay_second; did you mean delay_seconds?"),
        ("\n[databse]\n", "settings.toml line 2: unknown section [databse]; did you mean database?"),
        ("database = 5\n", "[database] must be a section"),
        ("[database\n", "settings.toml: cannot be read: "),
        ("[database]\nname = \n", "line 2"),
    ],
)
def test_a_wrong_line_of_the_file_is_named(file: str, text: str | None, tmp_path: Path) -> None:
    write(tmp_path, file)
    if text is None:
        assert load({}, tmp_path).cache_mb == 512
        return
    with pytest.raises(SettingsError, match=re.escape(text)):
        load({}, tmp_path)


@pytest.mark.parametrize("uri", ["localhost:27017", "http://user:hunter2@host", "mongodb:/hunter2"])
def test_an_address_of_the_wrong_kind_is_refused_unseen(uri: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="MONGODB_URI: must start with mongodb://") as caught:
        load({"MONGODB_URI": uri}, tmp_path)
    assert "hunter2" not in str(caught.value)


def test_the_committed_file_names_every_setting_with_its_built_in_value(tmp_path: Path) -> None:
    text = (REPOSITORY / "config" / FILE_NAME).read_text(encoding="utf-8")
    assert tomllib.loads(text) == {"database": {}, "crawl": {}, "parse": {}, "notify": {}}
    uncommented = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    assert [len(section) for section in tomllib.loads(uncommented).values()] == [7, 6, 3, 7]
    assert load({}, write(tmp_path, uncommented)) == dataclasses.replace(load({}), config_dir=tmp_path)


def test_settings_are_values() -> None:
    assert load({}) == load({})
    with pytest.raises(dataclasses.FrozenInstanceError):
        load({}).database = "x"  # type: ignore[misc]
    assert "mongodb_uri" not in {field.name for field in dataclasses.fields(Settings) if field.repr}
