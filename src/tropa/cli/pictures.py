"""An address as a picture that a phone's camera reads (a QR code), for the terminal."""

import io


def picture(text: str) -> str:
    """Lines of half blocks, dark on light whatever the terminal's colours are."""
    import segno

    lines = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out=lines, border=2, compact=True)
    return lines.getvalue()
