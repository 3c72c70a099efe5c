"""The kit that every feature's handlers are made with."""

from handlers._kit._features import Event, Feature
from handlers._kit._kept import all_but, chosen
from handlers._kit._request import Deed, Heard, Moment, Preparing, Request, Services, as_language
from handlers._kit._routing import looks_like_a_question
from handlers._kit._said import CAPTION, Said, as_html, pieces, said, takes_caption, units
from handlers._kit._screens import Button, File, InlineAnswer, Screen, keyboard, one_below_the_other
from handlers._kit._sentences import sentence
from handlers._kit._taps import Tap
from handlers._kit._unmarking import from_html
from handlers._kit._wrapper import Acknowledgement, Handlers

__all__ = [
    "CAPTION",
    "Acknowledgement",
    "Button",
    "Deed",
    "Event",
    "Feature",
    "File",
    "Handlers",
    "Heard",
    "InlineAnswer",
    "Moment",
    "Preparing",
    "Request",
    "Said",
    "Screen",
    "Services",
    "Tap",
    "all_but",
    "as_html",
    "as_language",
    "chosen",
    "from_html",
    "keyboard",
    "looks_like_a_question",
    "one_below_the_other",
    "pieces",
    "said",
    "sentence",
    "takes_caption",
    "units",
]
