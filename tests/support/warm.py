"""A process that has the program loaded, and forks one that runs each command: loading takes longer than most commands.

A command finds there what a fresh start finds, but that files are read in its own process, not in workers, and that the
forms which come with gwxl were read before.
"""

import atexit
import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

_LOADED = (
    *("gwxl.cli.invocation", "gwxl.merging", "gwxl.publishing", "gwxl.authoring", "gwxl.explaining", "gwxl.documents"),
    *("gwxl.batch.inbox", "gwxl.intake.checking", "gwxl.returns.returning", "gwxl.template", "gwxl.summary.workbook"),
    *("cerberus", "jinja2", "openpyxl", "rich.console", "rich.progress", "rich.table", "xlsxwriter"),
)
"""All but the modules of commands: their help texts are of the language of a run."""


def run(
    arguments: Sequence[str], *, cwd: Path, environment: Mapping[str, str], patience: float
) -> subprocess.CompletedProcess[str]:
    """Run gwxl as :func:`subprocess.run` would."""
    with tempfile.TemporaryDirectory(prefix="gwxl-warm-") as name:
        streams = [os.path.join(name, stream) for stream in ("stdout", "stderr")]  # noqa: PTH118 - JSON takes texts
        order = {"arguments": arguments, "cwd": os.fspath(cwd), "environment": environment, "streams": streams}
        code = _send_order(json.dumps(order), patience)
        printed = [Path(stream).read_bytes().decode("utf-8") for stream in streams]
    return subprocess.CompletedProcess(list(arguments), code, *printed)


def _send_order(order: str, patience: float) -> int:
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(f"{order}\n")
    server.stdin.flush()
    if not select.select([server.stdout], [], [], patience)[0]:
        os.killpg(server.pid, signal.SIGKILL)
        server.communicate()
        _server.cache_clear()
        raise subprocess.TimeoutExpired(order, patience)
    return int(server.stdout.readline())


@cache
def _server() -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.support.warm"]
    root = Path(__file__).parents[2]
    started = subprocess.Popen(
        command,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    atexit.register(started.communicate)
    return started


def _serve() -> None:
    """Fork for every order, and answer with the exit code."""
    for name in _LOADED:
        import_module(name)
    import_module("gwxl.rules.available_forms").load_all(None)
    gc.freeze()
    answers = os.dup(1)
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            os.close(answers)
            _obey(json.loads(line))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.write(answers, f"{code}\n".encode())


def _obey(order: Mapping[str, Any]) -> NoReturn:
    """Be the program: its streams, folder, environment and arguments; end as it ends."""
    code = 1
    try:
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["environment"])
        time.tzset()  # a program that starts anew reads TZ
        for number, stream in enumerate((os.devnull, *order["streams"])):
            os.dup2(os.open(stream, os.O_RDWR | os.O_CREAT, 0o600), number)
        sys.argv = ["gwxl", *order["arguments"]]
        tempfile.tempdir = None
        vars(import_module("gwxl.engines.engine"))["engine"] = lambda: import_module("gwxl.engines.in_process")
        import_module("gwxl.cli").main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - nothing of a run may come back into the server
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
