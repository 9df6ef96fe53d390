"""The widgets of our forms as markup, written by functions instead of Django's templates: a form of sixty widgets costs
a third of what it did.

Kept true: every widget reads as Django's own template writes it (a test compares them), and everything that came from
outside is escaped here as there. A widget not known here is drawn by its template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Final

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]
"""What Django's `Widget.get_context` gives as `widget`."""


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{_said(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _said(value: object) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))


def _input(widget: Widget) -> str:
    value = f' value="{_said(widget["value"])}"' if widget["value"] is not None else ""
    return f'<input type="{widget["type"]}" name="{_said(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    # browsers drop the first line break: without one of ours, one the person wrote would be lost
    return f'<textarea name="{_said(widget["name"])}"{_attributes(widget)}>\n{_said(widget["value"] or "")}</textarea>'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{_said(widget["name"])}"{_attributes(widget)}>']
    for group, options, _number in widget["optgroups"]:
        drawn = "".join(map(_option, options))
        parts.append(f'<optgroup label="{_said(group)}">{drawn}</optgroup>' if group else drawn)
    return f"{''.join(parts)}</select>"


def _option(option: Widget) -> str:
    return f'<option value="{_said(option["value"])}"{_attributes(option)}>{_said(option["label"])}</option>'


def _several(widget: Widget) -> str:
    own = "".join(
        f' {name}="{_said(widget["attrs"][name])}"' for name in ("id", "class") if widget["attrs"].get(name)
    )
    parts = []
    for group, options, _number in widget["optgroups"]:
        drawn = "".join(f"<div>{_choice(option)}</div>" for option in options)
        parts.append(f"<div><label>{_said(group)}</label>{drawn}</div>" if group else drawn)
    return f"<div{own}>{''.join(parts)}</div>"


def _choice(option: Widget) -> str:
    if not option.get("wrap_label"):
        return _input(option)
    about = f' for="{_said(option["attrs"]["id"])}"' if option["attrs"].get("id") else ""
    return f"<label{about}>{_input(option)} {_said(option['label'])}</label>"


_INPUTS = (
    "input",
    "text",
    "number",
    "email",
    "url",
    "password",
    "hidden",
    "date",
    "datetime",
    "time",
    "checkbox",
)
WRITTEN: Final[Mapping[str, Callable[[Widget], str]]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/radio.html": _several,
    "django/forms/widgets/checkbox_select.html": _several,
}
"""How the widgets of our forms are written, by the template they stand for."""


class Renderer(DjangoTemplates):
    """Django's setting FORM_RENDERER names it."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """A widget; escaped."""
        written = WRITTEN.get(template_name)
        if written is None:
            return super().render(template_name, context, request)
        return mark_safe(written(context["widget"]))  # noqa: S308  # each value is escaped where it is written
