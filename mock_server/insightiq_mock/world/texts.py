"""What creators and their followers write, made from the words of `vocabulary`."""

from __future__ import annotations

import dataclasses
import typing

from .people import people_of
from .vocabulary import EMOJI

if typing.TYPE_CHECKING:
    from .stream import Stream
    from .vocabulary import Language

__all__ = ["Caption", "caption", "comment", "description", "introduction", "title"]

_LONG_CAPTION_SHARE: typing.Final = 0.04
_LONG_CAPTION_SENTENCES: typing.Final = 28
_MENTION_SHARE: typing.Final = 0.25
_EMPTY_DESCRIPTION_SHARE: typing.Final = 0.1


@dataclasses.dataclass(frozen=True, slots=True)
class Caption:
    """A text and what stands in it; absent tags are null, not empty (facts 0.2 row 9)."""

    text: str
    hashtags: list[str] | None
    mentions: list[str] | None


def caption(stream: Stream, language: Language) -> Caption:
    """Write the text under a post: mostly short, now and then very long."""
    if stream.chance(_LONG_CAPTION_SHARE):
        sentences = stream.choices(language.sentences, k=_LONG_CAPTION_SENTENCES)
        text = "\n\n".join(sentences)
    else:
        text = " ".join(stream.sample(language.sentences, stream.randint(1, 3)))
    hashtags = [f"#{tag}" for tag in stream.some(language.tags, 4)]
    mentions = [f"@{_handle(stream, language)}"] if stream.chance(_MENTION_SHARE) else []
    emoji = [stream.choice(EMOJI)] if stream.chance(0.5) else []
    ending = "\n\n" + " ".join(hashtags) if hashtags else ""
    return Caption(
        text=" ".join([text, *emoji, *mentions]) + ending,
        hashtags=hashtags or None,
        mentions=mentions or None,
    )


def title(stream: Stream, language: Language) -> str:
    """Write the title of a video, a newsletter or a collection."""
    text = stream.choice(language.sentences).rstrip(".。!")
    return f"{text} {stream.choice(EMOJI)}" if stream.chance(0.2) else text


def description(stream: Stream, language: Language) -> Caption:
    """Write the text under a video; some creators leave it empty."""
    if stream.chance(_EMPTY_DESCRIPTION_SHARE):
        return Caption("", None, None)
    return caption(stream, language)


def introduction(stream: Stream, language: Language) -> str:
    """Write what a creator says about themselves."""
    sentences = stream.sample(language.sentences, 2)
    return f"{sentences[0]} {stream.choice(EMOJI)}\n{sentences[1]}"


def comment(stream: Stream, language: Language) -> str:
    """Write what a follower answers."""
    return stream.choice(language.comments)


def _handle(stream: Stream, language: Language) -> str:
    people = people_of(language.locale)
    given = stream.choice(people.given[stream.choice(("FEMALE", "MALE"))])
    return f"{given.latin}.{stream.choice(people.families).latin}"
