"""Forms are sent as they were received, and what leads elsewhere is noticed."""

from tropa.rehearsal.page import Page, addresses_elsewhere, read_page

HTML = """<!doctype html><html><head><title>nothing</title><link rel="stylesheet" href="/style.css"></head><body>
<p>One &amp; <b>two</b><!-- not this --></p><a class="who x" href="/threads/1/">Ash-<span>47</span></a>
<form action="/send/" method="post" enctype="multipart/form-data" id="f">
<input type="hidden" name="token" value="a&quot;b"><textarea name="text">
kept
lines</textarea>
<select name="one"><option value="1">1<option value="2" selected>2</select>
<select name="first"><option value="7">7<option value="8">8</select>
<label><input type="radio" name="pick" value="x"><input type="radio" name="pick" value="y" checked></label>
<input type="checkbox" name="tick"><input type="file" name="files">
<button name="act" value="go">Go</button></form>
<input name="outside" value="in" form="f">
<ol class="words"><li>one</li><li>two</li></ol></body></html>"""


def read(html: str) -> Page:
    return read_page(200, "http://here:1/", {"content-type": "text/html; charset=utf-8"}, html.encode())


def test_a_form_is_filled_with_what_stands_in_it() -> None:
    form = read(HTML).forms[0]
    assert form.fields == [
        ("token", 'a"b'),
        ("text", "kept\nlines"),
        ("one", "2"),
        ("first", "7"),
        ("pick", "y"),
        ("outside", "in"),
    ]
    assert (form.multipart, form.method, form.buttons[0].value) == (True, "post", "go")
    assert form.filled({"tick": "on", "one": None, "text": ["a", "b"]})[-3:] == [
        ("tick", "on"),
        ("text", "a"),
        ("text", "b"),
    ]


def test_text_links_and_lists_are_read_without_what_nobody_sees() -> None:
    page = read(HTML)
    assert page.says("One & two")
    assert not page.says("nothing")
    assert not page.says("not this")
    assert page.links[0].text == "Ash-47"
    assert page.lists["words"] == ("one", "two")
    assert not page.scripted


def test_scripts_and_strangers_are_noticed() -> None:
    assert read("<script>1</script>").scripted
    assert read('<p onclick="x()">').scripted
    page = read(
        '<img src="https://stranger/x"><a href="//stranger/"><a href="/ours/"><a href="data:,"><a href="#here">'
        '<form action="http://here:1/y"></form><a href="mailto:x@y">'
    )
    assert list(addresses_elsewhere(page, "http://here:1")) == [
        "https://stranger/x",
        "//stranger/",
        "mailto:x@y",
    ]
