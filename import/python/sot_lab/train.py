"""Training of the addition model on sums it is not tested on."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from sot_export import safetensors_io

from .model import FIRST_ANSWER, AdditionModel, encode_sums

_HELD_OUT = 50_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainingConfig:
    """How the model is trained; every field changes the weights."""

    steps: int = 4000
    batch: int = 256
    learning_rate: float = 1e-3
    weight_decay: float = 0.05
    carry_share: float = 0.3
    """Share of a batch whose digit pairs mostly add up to nine, where carries are long."""
    seed: int = 0


@lru_cache(maxsize=1)
def held_out_table() -> Tensor:
    """Boolean table over ``1000 a + b``: the 50,000 of a million sums never trained on."""
    order = torch.randperm(1_000_000, generator=torch.Generator().manual_seed(20))
    table = torch.zeros(1_000_000, dtype=torch.bool)
    table[order[:_HELD_OUT]] = True
    return table


def sample_sums(
    count: int, generator: torch.Generator, carry_share: float, held_out: bool
) -> tuple[Tensor, Tensor]:
    """Random summands, [count] each: the first ``carry_share`` of them with long carries."""
    hard = round(count * carry_share)
    parts = (
        _sample(hard, generator, True, held_out),
        _sample(count - hard, generator, False, held_out),
    )
    a, b = torch.cat(parts, dim=1)
    return a, b


def _sample(count: int, generator: torch.Generator, carries: bool, held_out: bool) -> Tensor:
    pairs = torch.empty(2, 0, dtype=torch.long)
    while pairs.shape[1] < count:
        # Held-out sums are one in twenty: draw enough that one round nearly always suffices.
        draw = count * (30 if held_out else 2)
        if carries:
            first = torch.randint(0, 10, (draw, 3), generator=generator)
            other = torch.randint(0, 10, (draw, 3), generator=generator)
            nines = torch.rand(draw, 3, generator=generator) < 0.7
            second = torch.where(nines, 9 - first, other)
            place = torch.tensor([100, 10, 1])
            drawn = torch.stack(((first * place).sum(1), (second * place).sum(1)))
        else:
            drawn = torch.randint(0, 1000, (2, draw), generator=generator)
        wanted = held_out_table()[drawn[0] * 1000 + drawn[1]] == held_out
        pairs = torch.cat((pairs, drawn[:, wanted]), dim=1)
    return pairs[:, :count]


@torch.no_grad()
def exact_match(model: AdditionModel, count: int, carry_share: float, seed: int = 99) -> float:
    """Share of held-out sums of which all four digits are right (each read after the true ones)."""
    generator = torch.Generator().manual_seed(seed)
    tokens = encode_sums(*sample_sums(count, generator, carry_share, held_out=True))
    right = [
        (model(part[:, :-1])[:, FIRST_ANSWER - 1 :].argmax(-1) == part[:, FIRST_ANSWER:]).all(1)
        for part in tokens.split(1000)
    ]
    return torch.cat(right).float().mean().item()


def train_model(config: TrainingConfig) -> AdditionModel:
    """A trained model; progress in the log. About 0.15 s a step on one core."""
    model = AdditionModel(seed=config.seed)
    generator = torch.Generator().manual_seed(config.seed + 1)
    optimizer = torch.optim.AdamW(
        model.parameters(),
        lr=config.learning_rate,
        betas=(0.9, 0.98),
        weight_decay=config.weight_decay,
    )
    started = time.monotonic()
    for step in range(config.steps):
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * _schedule(step, config.steps)
        a, b = sample_sums(config.batch, generator, config.carry_share, held_out=False)
        tokens = encode_sums(a, b)
        logits = model(tokens[:, :-1])[:, FIRST_ANSWER - 1 :]
        loss = functional.cross_entropy(logits.flatten(0, 1), tokens[:, FIRST_ANSWER:].flatten())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if (step + 1) % 250 == 0:
            _log.info(
                "model: step %d of %d, loss %.4f, exact match %.4f, with long carries %.4f, %.0f s",
                step + 1,
                config.steps,
                loss.item(),
                exact_match(model, 1000, 0.0),
                exact_match(model, 1000, 1.0),
                time.monotonic() - started,
            )
    return model.eval().requires_grad_(False)


def _schedule(step: int, steps: int) -> float:
    """Warm-up over 100 steps, constant to the middle, then linear to 3 % of the peak."""
    warmed = min(1.0, (step + 1) / 100)
    return warmed * min(1.0, 0.03 + 0.97 * 2 * (1 - step / steps))


def save_model(path: Path, model: AdditionModel, config: TrainingConfig) -> None:
    tensors = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    metadata = {name: str(value) for name, value in asdict(config).items()}
    safetensors_io.save(path, tensors, metadata)


def load_model(path: Path) -> tuple[AdditionModel, dict[str, str]]:
    """The model of a file that :func:`save_model` wrote, and how it was trained."""
    tensors, metadata = safetensors_io.load(path)
    model = AdditionModel()
    model.load_state_dict({name: torch.from_numpy(array) for name, array in tensors.items()})
    return model.eval().requires_grad_(False), metadata
