"""Pages of words: served under /about/, made of references, with nothing in them that a browser would run."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from PIL import Image as Picture
from wagtail.blocks import RawHTMLBlock, RichTextBlock
from wagtail.documents.models import Document
from wagtail.images.models import Image

from cms import seed
from cms.blocks import WORDS, Body, Points, Steps
from cms.models import ContentPage
from directory.models import ServiceStanding
from tests.factories import directory as make

pytestmark = pytest.mark.django_db

NAMED = {
    "about": "/about/",
    "privacy": "/about/how-we-use-information/",
    "accessibility": "/about/accessibility/",
    "feedback": "/about/something-wrong/",
}


@pytest.mark.parametrize(("name", "address"), NAMED.items())
def test_what_every_footer_links_to_is_there(name, address, desk, public):
    assert reverse(name) == address
    page = public.get(address)
    assert page.status_code == 200
    assert page.content.decode().count("<h1>") == 1
    footer = page.content.decode().partition("<footer")[2]
    told = f"{reverse('directory:report_page')}?{urlencode({'page': address})}"
    linked = {*NAMED.values(), told} - {NAMED["feedback"]}  # which says what becomes of what was told
    assert [other for other in linked if f'href="{other}"' not in footer] == []


def test_the_pages_address_is_the_one_that_wagtail_gives(desk):
    assert set(NAMED.values()) <= {page.url for page in ContentPage.objects.live()}


def test_no_page_is_served_before_it_is_published(desk, public):
    page = seed.made(ContentPage(title="New", slug="new"), below=ContentPage.objects.get(slug="about"))
    assert public.get("/about/new/").status_code == 200
    page.unpublish()
    assert public.get("/about/new/").status_code == 404


def test_a_page_nobody_wrote_is_the_one_404(desk, public):
    assert public.get("/about/nothing/").content == public.get("/nothing/").content


def test_what_a_steward_has_changed_is_not_written_over(desk, public):
    page = ContentPage.objects.get(slug="accessibility")
    page.standfirst = "Changed."
    page.save_revision().publish()
    seed.plant(settings.CITY.folder / "pages", name="Again")
    assert "Changed." in public.get("/about/accessibility/").content.decode()


def test_a_page_shows_services_as_they_are_now_and_only_those_that_may_be_shown(desk, public):
    shown, hidden = make.service("Stay alongside"), make.service("Quiet room")
    page = ContentPage.objects.get(slug="about")
    page.body = [("services", {"heading": "Two services", "services": [shown, hidden]})]
    page.save_revision().publish()
    ServiceStanding.objects.filter(service=hidden).update(standing="suspended")
    html = public.get("/about/").content.decode()
    assert f'href="/services/{shown.slug}/"' in html
    assert "Quiet room" not in html
    ServiceStanding.objects.filter(service=shown).update(visibility="professionals")
    assert "Two services" not in public.get("/about/").content.decode()


def test_the_front_door_is_never_typed(desk, public):
    page = public.get("/about/something-wrong/").content.decode()
    assert settings.CITY.front_door.telephone in page
    stored = str(ContentPage.objects.get(slug="something-wrong").body.raw_data)
    assert settings.CITY.front_door.telephone not in stored


def blocks(block):
    yield block
    for child in getattr(block, "child_blocks", {}).values():
        yield from blocks(child)
    if hasattr(block, "child_block"):
        yield from blocks(block.child_block)


def test_no_block_takes_raw_html_and_rich_text_knows_a_few_things_only():
    every = [*blocks(Body()), *blocks(Points()), *blocks(Steps())]
    assert not [block for block in every if isinstance(block, RawHTMLBlock)]
    assert {tuple(block.features) for block in every if isinstance(block, RichTextBlock)} == {tuple(WORDS)}
    assert not set(WORDS) & {"embed", "image", "code"}


def test_a_drawing_with_scripts_is_no_picture(steward):
    drawing = SimpleUploadedFile("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml")
    steward.post(reverse("wagtailimages:add"), {"title": "x", "file": drawing})
    assert not Image.objects.exists()


def test_a_picture_is_served_to_the_public_and_nothing_else_of_that_folder(settings, tmp_path, steward, public):
    settings.MEDIA_ROOT = tmp_path
    drawn = io.BytesIO()
    Picture.new("RGB", (20, 20)).save(drawn, "PNG")
    steward.post(
        reverse("wagtailimages:add"), {"title": "x", "file": SimpleUploadedFile("x.png", drawn.getvalue(), "image/png")}
    )
    rendition = Image.objects.get().get_rendition("width-10")
    assert rendition.url.startswith("/media/images/")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "x.pdf").write_bytes(b"%PDF")
    for address in ("/media/documents/x.pdf", "/media/images/../documents/x.pdf", "/media/original_images/x.png"):
        assert public.get(address).status_code == 404


def test_a_document_is_downloaded_and_never_opened_under_our_address(settings, tmp_path, desk, public):
    settings.MEDIA_ROOT = tmp_path
    document = Document.objects.create(title="Leaflet", file=SimpleUploadedFile("leaflet.pdf", b"%PDF-1.4"))
    answer = public.get(document.url)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")


def test_wagtail_brings_no_door_of_its_own(desk):
    for name in ("wagtailcore_login", "wagtailcore_authenticate_with_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=[1, 1] if "password" in name else [])
    assert Client().get("/about/_util/login/").status_code == 404
