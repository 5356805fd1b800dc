"""From where a map's pictures come, if the settings name a place: what the browser must be allowed to ask."""

from __future__ import annotations

from urllib.parse import urlsplit


def tiles_origin(address: str) -> str:
    """
    Return the origin for the content policy; a server's changing first name, "{s}", stands for any.

    :raises ValueError: if the address is not an HTTPS address with the numbers of a tile in it
    """
    parts = urlsplit(address.replace("{s}", "*"))
    if parts.scheme != "https" or not parts.netloc or not all(one in address for one in ("{z}", "{x}", "{y}")):
        raise ValueError("MAP_TILES_URL must be like https://tiles.example/{z}/{x}/{y}.png")
    return f"https://{parts.netloc}"
