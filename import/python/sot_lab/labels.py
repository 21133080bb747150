"""Names for features: the concept of addition that a feature's activation follows best.

A concept is a set of token positions, such as "all '=' of sums in which the ones carry". Each
feature gets the concept whose indicator correlates most with its activation over the positions of
a sample of sums. A concept is only offered where it can be known, that is after the digits it is
computed from have been read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Sequence

import torch
from torch import Tensor

from .dictionaries import Transcoder
from .model import FIRST_ANSWER, READ_LENGTH, AdditionModel, Capture, digits, encode_sums
from .train import sample_sums

_MIN_POSITIONS = 20
"""Concepts and features on fewer of the sample's positions are left out."""
_WEAK = 0.3
"""Below this correlation the label says that it fits weakly."""

_PLACES = {"h": "hundreds", "t": "tens", "o": "ones"}
_POSITION_KEYS = (
    *("start", "a_h", "a_t", "a_o", "plus", "b_h", "b_t", "b_o"),
    *("equals", "s_k", "s_h", "s_t"),
)
_POSITION_NAMES = (
    "'^'",
    *(f"a's {place}" for place in _PLACES.values()),
    "'+'",
    *(f"b's {place}" for place in _PLACES.values()),
    "'='",
    "the sum's thousands",
    "the sum's hundreds",
    "the sum's tens",
)
_LAST_SUMMAND_DIGIT = 7
_ANSWER = FIRST_ANSWER - 1
"""From this position on, the next token is a digit of the sum."""


@dataclass(frozen=True)
class FeatureLabel:
    label: str
    """For people: the concept and where it is followed."""
    concept: str
    """The bare concept: a variable and its value."""
    correlation: float


@dataclass(frozen=True)
class _Variable:
    """Something computed from a sum, the position from which on it is known, and its name."""

    key: str
    text: str
    values: Tensor
    known_from: int


def _variables(a: Tensor, b: Tensor) -> list[_Variable]:
    digits_a, digits_b = digits(a, 3), digits(b, 3)
    digits_sum = digits(a + b, 4)[:, 1:]
    found = []
    for i, (place, name) in enumerate(_PLACES.items()):
        together = digits_a[:, i] + digits_b[:, i]
        found += [
            _Variable(f"a_{place}", f"a's {name} = ", digits_a[:, i], 1 + i),
            _Variable(f"b_{place}", f"b's {name} = ", digits_b[:, i], 5 + i),
            _Variable(f"pair_{place}", f"{name} add up to ", together, 5 + i),
            _Variable(f"s_{place}", f"the sum's {name} = ", digits_sum[:, i], _LAST_SUMMAND_DIGIT),
        ]
    for place, into, unit in (("o", "tens", 10), ("t", "hundreds", 100), ("h", "thousands", 1000)):
        carry = (a % unit + b % unit) // unit
        found.append(
            _Variable(f"carry_{place}", f"carry into {into} = ", carry, _LAST_SUMMAND_DIGIT)
        )
    return found


def _concepts(a: Tensor, b: Tensor) -> Iterator[tuple[FeatureLabel, Tensor]]:
    """Concepts (their correlation still zero) with their indicators, [sums, position]."""
    tokens = encode_sums(a, b)
    nowhere = torch.zeros(len(a), READ_LENGTH, dtype=torch.bool)

    def named(label: str, concept: str) -> FeatureLabel:
        return FeatureLabel(label, concept, 0.0)

    for digit in range(10):
        yield named(f"digit {digit}, anywhere", f"token={digit}"), tokens[:, :-1] == digit
        writes = nowhere.clone()
        writes[:, _ANSWER :] = tokens[:, FIRST_ANSWER:] == digit
        yield named(f"next digit = {digit}, in the answer", f"next={digit}"), writes
    for position in range(1, READ_LENGTH):
        here = nowhere.clone()
        here[:, position] = True
        yield named(f"at {_POSITION_NAMES[position]}", f"position={_POSITION_KEYS[position]}"), here
        for digit in range(10) if position >= _ANSWER else ():
            writes = nowhere.clone()
            writes[:, position] = tokens[:, position + 1] == digit
            label = f"next digit = {digit}, at {_POSITION_NAMES[position]}"
            yield named(label, f"next={digit}"), writes
    for variable in _variables(a, b):
        for value in variable.values.unique().tolist():
            text, concept = f"{variable.text}{value}", f"{variable.key}={value}"
            holds = (variable.values == value)[:, None]
            for position in range(variable.known_from, READ_LENGTH):
                here = nowhere.clone()
                here[:, position] = holds[:, 0]
                read = _POSITION_KEYS[position] == variable.key
                where = "as read" if read else f"at {_POSITION_NAMES[position]}"
                yield named(f"{text}, {where}", concept), here
            answer = nowhere.clone()
            answer[:, _ANSWER :] = holds
            yield named(f"{text}, in the answer", concept), answer


@torch.no_grad()
def label_features(
    model: AdditionModel, transcoders: Sequence[Transcoder], sums: int, seed: int
) -> dict[tuple[int, int], FeatureLabel]:
    """Labels by (layer, index) of every feature that is active on enough positions of a sample."""
    a, b = sample_sums(sums, torch.Generator().manual_seed(seed), 0.1, held_out=False)
    names, indicators = [], []
    for name, indicator in _concepts(a, b):
        if indicator.sum() >= _MIN_POSITIONS:
            names.append(name)
            indicators.append(indicator[:, 1:].flatten())
    concepts = _standardise(torch.stack(indicators, dim=1).float())

    inputs: list[list[Tensor]] = [[] for _ in transcoders]
    for part in encode_sums(a, b)[:, :READ_LENGTH].split(500):
        capture = Capture()
        model(part, capture)
        for layer, x in enumerate(capture.mlp_inputs):
            inputs[layer].append(x[:, 1:].flatten(0, 1))

    labels = {}
    for layer, transcoder in enumerate(transcoders):
        activations = transcoder.encode(torch.cat(inputs[layer]))
        frequent = (activations > 0).sum(0) >= _MIN_POSITIONS
        correlation, best = (_standardise(activations).T @ concepts).max(1)
        for index in frequent.nonzero().flatten().tolist():
            name, r = names[int(best[index])], round(correlation[index].item(), 3)
            text = name.label if r >= _WEAK else f"weakly: {name.label}"
            labels[layer, index] = FeatureLabel(text, name.concept, r)
    return labels


def _standardise(columns: Tensor) -> Tensor:
    """Columns of mean zero and length one; constant columns become zero."""
    centred = columns - columns.mean(0)
    return centred / centred.norm(dim=0).clamp(min=1e-12)
