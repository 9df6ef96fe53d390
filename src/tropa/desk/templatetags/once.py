"""What a template says to everybody alike: drawn once in each language, and not on every page.

The desk's loader puts `{% said_once %}` where a template says `{% translate "..." %}` of a literal; nobody writes it.
`{% same %}` stands around markup that holds nothing but such words: no value of a person, a request or a day.
`{% remembered a b %}` stands around markup that follows from these values and the language alone, none of which says
whose page it is; where one of them is None it is drawn anew.
"""

from __future__ import annotations

from collections import OrderedDict

from django import template
from django.templatetags.i18n import do_translate
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


class _SaidOnce(template.Node):
    """What was drawn first, by language. It depends on nothing else."""

    def __init__(self, first: template.Node | template.NodeList) -> None:
        self._first = first
        self._said: dict[str | None, str] = {}

    def render(self, context: template.Context) -> str:
        language = get_language()
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = self._first.render(context)
        return said


@register.tag
def said_once(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """As `translate` of a literal."""
    token.contents = token.contents.replace("said_once", "translate", 1)
    return _SaidOnce(do_translate(parser, token))


@register.tag
def same(parser: template.base.Parser, _token: template.base.Token) -> template.Node:
    """Markup that depends on the language alone. Raises TemplateSyntaxError where a value stands in it."""
    drawn = parser.parse(("endsame",))
    parser.delete_first_token()
    if drawn.get_nodes_by_type(template.base.VariableNode):
        raise template.TemplateSyntaxError("a value stands in what is the same for everybody")
    return _SaidOnce(drawn)


MOST_REMEMBERED = 1_000
"""Of one place in a template; what was asked for least lately goes first."""


class _Remembered(template.Node):
    """What was drawn for these values, by language."""

    def __init__(self, values: list[template.base.FilterExpression], drawn: template.NodeList) -> None:
        self._values, self.nodelist = values, drawn
        self._kept: OrderedDict[tuple[object, ...], SafeString] = OrderedDict()

    def render(self, context: template.Context) -> SafeString:
        values = [one.resolve(context) for one in self._values]
        if None in values:
            return self.nodelist.render(context)
        key = (get_language(), *map(str, values))
        drawn = self._kept.get(key)
        if drawn is None:
            drawn = self._kept[key] = self.nodelist.render(context)
            while len(self._kept) > MOST_REMEMBERED:
                self._kept.popitem(last=False)
        return drawn


@register.tag
def remembered(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """Markup of these values; see above. Raises TemplateSyntaxError without any."""
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    if not values:
        raise template.TemplateSyntaxError("remembered by nothing")
    drawn = parser.parse(("endremembered",))
    parser.delete_first_token()
    return _Remembered(values, drawn)
