"""What is taken from others' packages, and what is left behind."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from config import frontend

ROOT = Path(__file__).resolve().parents[2]


def test_the_lockfile_names_no_download_address():
    told = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert all("resolved" not in package for package in told["packages"].values())
    assert all("integrity" in package for name, package in told["packages"].items() if name)


def test_the_typeface_and_crest_of_gov_uk_are_cut_out():
    css = (
        '@font-face{font-family:"GDS Transport";src:url(/assets/fonts/a.woff2)}'
        'a{font-family:"GDS Transport",arial,sans-serif}b{background:url(/assets/images/crest.svg)}'
        "/*# sourceMappingURL=x.map*/"
    )
    assert frontend.plain(css) == "a{font-family:var(--al-type)}b{background:none}"


def test_only_the_parts_we_use_are_taken_from_a_larger_sheet():
    css = '@charset "UTF-8";.a,.b{c:d}@media print{.a{e:f}.z{g:h}}@media screen{.z{g:h}}.z{i:j}'
    assert frontend.only(css, [".a"]) == ".a{c:d}@media print{.a{e:f}}"


def test_the_parts_refer_to_nothing_that_is_not_there():
    if not frontend.VENDOR.exists():
        pytest.skip("the front-end parts are not there: manage.py frontend")
    for sheet in frontend.VENDOR.glob("*.css"):
        assert "url(" not in sheet.read_text(encoding="utf-8").replace("url(data:", "")
    for sheet in (ROOT / "config/static/config").glob("*.css"):
        for address in re.findall(r'url\("([^"]+)"\)', sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / address).exists(), address
    for sheet in [*frontend.VENDOR.glob("*.css"), *frontend.VENDOR.glob("*.js")]:
        assert "sourceMappingURL" not in sheet.read_text(encoding="utf-8")


def test_npm_is_not_called_when_nothing_has_changed(monkeypatch):
    if not (frontend.VENDOR / frontend.STAMP).exists():
        pytest.skip("the front-end parts are not there: manage.py frontend")
    monkeypatch.setattr(frontend, "fingerprint", lambda: (frontend.VENDOR / frontend.STAMP).read_text(encoding="utf-8"))
    monkeypatch.setattr(frontend, "npm", lambda: pytest.fail("called npm"))
    assert frontend.make() is False
