"""The command line, `nianbao`: one command a file in `nianbao.commands`.

A command's file imports only Typer; what does the work is imported when the command runs, so that
`nianbao --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer import Abort

from nianbao.commands import (
    backfill,
    backup,
    corrections,
    coverage,
    crawl,
    db,
    demo,
    diff,
    doctor,
    export,
    find,
    import_,
    index,
    labels,
    nightly,
    parse,
    portals,
    rerun,
    runs,
    sample,
    serve,
    show,
    verify,
)
from nianbao.examples import give_examples
from nianbao.ui.console import ReaderLeft
from nianbao.ui.errors import Exit, last_line, one_line, report

app = typer.Typer(
    name="nianbao",
    help="年报: the archive of China's government-information-disclosure annual reports.",
    epilog="Begin 入门: nianbao demo, then nianbao find, then nianbao serve --open. Each command has its own --help.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

app.command("demo", short_help="Crawl the bundled sample portal and show what is archived. 演示")(demo.demo)
app.command("crawl", short_help="Find and download reports, archive and parse them. 采集")(crawl.crawl)
app.command("nightly", short_help="The scheduled run: what is due, what is new, monitors. 每晚例行")(nightly.nightly)
app.command("backfill", short_help="Past years, newest first, resumable. 补采往年")(backfill.backfill)
app.command("parse", short_help="Parse files and print the reports; nothing is stored. 解析文件")(parse.parse)
app.command("rerun", short_help="Parse the archive again where something has changed. 重新解析")(rerun.rerun)
app.command("find", short_help="Query the archive. 查询")(find.find)
app.command("coverage", short_help="Which reports are there, which are missing, and why. 覆盖情况")(coverage.coverage)
app.command("corrections", short_help="Figures that people have put right. 人工更正")(corrections.corrections)
app.command("export", short_help="Write a table of organs and years into a file. 导出")(export.export)
app.command("import", short_help="Take the pages of a WARC file into the archive. 导入")(import_.import_)
app.command("labels", short_help="Labels and tables that no template knows. 未知栏目")(labels.labels)
app.command("show", short_help="One report: tables, sums, sources, history. 查看报告")(show.show)
app.command("diff", short_help="What changed between revisions, or two years. 对比")(diff.diff)
app.command("runs", short_help="What each crawl, backfill and rerun did. 运行记录")(runs.runs)
app.command("backup", short_help="Write the whole archive into a folder, with checksums. 备份")(backup.backup)
app.command("restore", short_help="Put a backup back, and prove that everything arrived. 恢复")(backup.restore)
app.command("verify", short_help="Hash the archive again; find what is damaged. 校验存档")(verify.verify)
app.command("serve", short_help="The archive in a browser. 浏览器查看")(serve.serve)
app.command("doctor", short_help="What is there, what is missing, what to do. 自检")(doctor.doctor)
app.command("sample", short_help="Serve the sample portal on loopback. 示例门户")(sample.sample)
app.add_typer(index.app, name="index", short_help="The search index: status, rebuild. 全文索引")
app.add_typer(
    portals.app, name="portals", short_help="The registry of portals: list, show, check, discover. 门户登记册"
)
app.add_typer(db.app, name="db", short_help="The database server: status, start, stop, dump, load. 数据库")


give_examples(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # an eighth of the time of `nianbao --help`

        print(f"nianbao {version('nianbao')}")
        raise typer.Exit


@app.callback()
def _nianbao(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point of installations that were made before `nianbao.__main__` was it."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run `arguments` as a command; returns the exit code of the contract."""
    _prepare_streams()
    try:
        code = app(list(arguments), prog_name="nianbao", standalone_mode=False)
        sys.stdout.flush()
    except (ReaderLeft, BrokenPipeError):
        # What Python still holds for the closed pipe must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except (KeyboardInterrupt, Abort):
        return _interrupted()
    except typer.TyperException as error:
        return _wrong_arguments(error)
    except Exception as error:
        return report(error)
    if code == Exit.INTERRUPTED:
        return _interrupted()
    return code if isinstance(code, int) else Exit.DONE


def _interrupted() -> int:
    last_line("\nnianbao: interrupted. What was stored is safe; start the command again to go on.")
    return Exit.INTERRUPTED


def _wrong_arguments(error: typer.TyperException) -> int:
    """One line: what is wrong, in which command, and where its options are said. Exit code 2."""
    context, message = getattr(error, "ctx", None), getattr(error, "format_message", str)()
    if not message or context is None:
        return report(error)
    if type(error).__name__ == "NoArgsIsHelpError":  # `nianbao`, `nianbao db`: the message is the whole help
        last_line(message.strip())
    else:
        command = context.command_path
        message = message.replace("Value error, ", "").replace("Input should be", "it must be")
        said = one_line(message).rstrip(".")
        last_line(f"{command}: {said}{'' if said.endswith('?') else '.'} What it takes: {command} --help")
    return Exit.WRONG_ARGUMENTS


def _prepare_streams() -> None:
    """Chinese goes out whole whatever LANG says; half a surrogate pair from a bad page goes out escaped.

    A stream that the caller has closed (`>&-`) is none to Python: what is said there is said to nobody.
    """
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
