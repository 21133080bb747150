"""Prompts, and how texts become them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable, Iterator, Optional, Sequence


@dataclass(frozen=True)
class Prompt:
    """Token ids with the text of each, and the whole text."""

    ids: Sequence[int]
    tokens: Sequence[str]
    text: str
    split: Optional[str] = None
    """``fit`` or ``heldout``, where the corpus is divided."""


def tokenize(
    texts: Iterable[str], tokenizer: Any, max_tokens: int = 1024, bos: bool = True
) -> Iterator[Prompt]:
    """Prompts of texts by a HuggingFace tokenizer, cut off after ``max_tokens``.

    ``bos`` puts the tokenizer's first token before a text that does not begin with it, as
    dictionaries are usually trained.
    """
    first = tokenizer.bos_token_id if bos else None
    for text in texts:
        ids = list(tokenizer(text)["input_ids"])
        if first is not None and ids[:1] != [first]:
            ids.insert(0, first)
        ids = ids[:max_tokens]
        yield Prompt(ids, [tokenizer.decode([i]) for i in ids], text)
