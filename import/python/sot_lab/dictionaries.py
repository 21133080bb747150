"""TopK transcoders: sparse dictionaries that stand in for an MLP.

A transcoder reads the MLP's (normalised) input x and predicts its output y:

    z = TopK(ReLU(W_enc x + b_enc)),   y ~ z W_dec + b_dec,

with the rows of W_dec of unit norm, so that a feature's activation is the length of what it adds
to the residual stream. The first token of a prompt is left out of training: it is the same in
every prompt, and its large output would take up the loss.
"""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from sot_export import safetensors_io

from .model import READ_LENGTH, AdditionModel, Capture, encode_sums
from .train import sample_sums

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TranscoderConfig:
    """How a transcoder is trained; every field changes its weights."""

    width: int = 512
    active: int = 12
    """Largest number of features active at a position."""
    steps: int = 1500
    batch: int = 2048
    learning_rate: float = 1e-3
    sums: int = 20_000
    """Sums whose positions are trained on."""
    dead_after: int = 200
    """Steps without activity after which a feature is trained on the residual error."""
    seed: int = 0


@dataclass(frozen=True)
class Transcoder:
    w_enc: Tensor
    """[width, size]; rows are features."""
    b_enc: Tensor
    w_dec: Tensor
    """[width, size]; rows are features, of unit norm."""
    b_dec: Tensor
    active: int

    def encode(self, x: Tensor) -> Tensor:
        """Activations: [..., size] -> [..., width], at most ``active`` of them above zero."""
        return _top(torch.relu(x @ self.w_enc.T + self.b_enc), self.active)

    def decode(self, z: Tensor) -> Tensor:
        return z @ self.w_dec + self.b_dec


def _top(activations: Tensor, count: int) -> Tensor:
    values, indices = activations.topk(count, dim=-1)
    return torch.zeros_like(activations).scatter(-1, indices, values)


@torch.no_grad()
def mlp_samples(
    model: AdditionModel, layer: int, sums: int, seed: int, held_out: bool
) -> tuple[Tensor, Tensor]:
    """Inputs and outputs of a layer's MLP, first positions left out: [sums * 11, size] each."""
    generator = torch.Generator().manual_seed(seed)
    tokens = encode_sums(*sample_sums(sums, generator, 0.2, held_out))[:, :READ_LENGTH]
    inputs, outputs = [], []
    for part in tokens.split(500):
        capture = Capture()
        model(part, capture)
        inputs.append(capture.mlp_inputs[layer][:, 1:].flatten(0, 1))
        outputs.append(capture.mlp_outputs[layer][:, 1:].flatten(0, 1))
    return torch.cat(inputs), torch.cat(outputs)


def train_transcoder(model: AdditionModel, layer: int, config: TranscoderConfig) -> Transcoder:
    """A transcoder of one layer's MLP; progress in the log. About a minute on one core."""
    x_raw, y_raw = mlp_samples(model, layer, config.sums, config.seed + 11, held_out=False)
    x_mean, y_mean = x_raw.mean(0), y_raw.mean(0)
    x_scale = (x_raw - x_mean).square().mean().sqrt()
    y_scale = (y_raw - y_mean).square().mean().sqrt()

    size, width = x_raw.shape[1], config.width
    generator = torch.Generator().manual_seed(config.seed)
    w_dec = torch.randn(width, size, generator=generator)
    w_dec /= w_dec.norm(dim=1, keepdim=True)
    w_enc = torch.randn(width, size, generator=generator) / size**0.5
    b_enc, b_dec = torch.zeros(width), torch.zeros(size)
    parameters = [w_enc, b_enc, w_dec, b_dec]
    for parameter in parameters:
        parameter.requires_grad_(True)
    optimizer = torch.optim.Adam(parameters, lr=config.learning_rate)

    idle = torch.zeros(width)
    started = time.monotonic()
    for step in range(config.steps):
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * _schedule(step, config.steps)
        rows = torch.randint(0, len(x_raw), (config.batch,), generator=generator)
        x, y = (x_raw[rows] - x_mean) / x_scale, (y_raw[rows] - y_mean) / y_scale
        drive = x @ w_enc.T + b_enc
        z = _top(torch.relu(drive), config.active)
        error = y - (z @ w_dec + b_dec)
        total = y.square().sum()
        unexplained = error.square().sum() / total
        idle = torch.where((z > 0).any(0), torch.zeros_like(idle), idle + 1)
        dead = idle > config.dead_after
        loss = unexplained
        if dead.sum() > config.active:
            # Dead features learn to predict what the living ones leave over.
            revived = _top(torch.relu(drive) * dead, min(64, int(dead.sum())))
            loss = loss + (error.detach() - revived @ w_dec).square().sum() / total / 16
        optimizer.zero_grad()
        loss.backward()
        with torch.no_grad():
            w_dec.grad -= (w_dec.grad * w_dec).sum(1, keepdim=True) * w_dec
        optimizer.step()
        with torch.no_grad():
            w_dec /= w_dec.norm(dim=1, keepdim=True)
        if (step + 1) % 500 == 0:
            _log.info(
                "transcoder %d: step %d of %d, unexplained %.4f, %d dead features, %.0f s",
                layer,
                step + 1,
                config.steps,
                unexplained.item(),
                int(dead.sum()),
                time.monotonic() - started,
            )

    with torch.no_grad():
        # Fold the normalisation in: raw inputs, activations in units of the MLP's output.
        w_enc = w_enc * (y_scale / x_scale)
        b_enc = b_enc * y_scale - w_enc @ x_mean
        b_dec = b_dec * y_scale + y_mean
    return Transcoder(w_enc, b_enc, w_dec.detach(), b_dec, config.active)


def _schedule(step: int, steps: int) -> float:
    """Warm-up over 50 steps, constant, then linear to 2 % of the peak over the last fifth."""
    return min(1.0, (step + 1) / 50) * min(1.0, 0.02 + 5 * (1 - step / steps))


def unexplained_variance(transcoder: Transcoder, x: Tensor, y: Tensor) -> float:
    """Fraction of the variance of y about its mean that the transcoder leaves unexplained."""
    error = (transcoder.decode(transcoder.encode(x)) - y).square().sum()
    return (error / (y - y.mean(0)).square().sum()).item()


def save_transcoder(path: Path, transcoder: Transcoder, config: TranscoderConfig) -> None:
    tensors = {name: getattr(transcoder, name).numpy() for name in _TENSORS}
    metadata = {name: str(value) for name, value in asdict(config).items()}
    safetensors_io.save(path, tensors, metadata)


def load_transcoder(path: Path) -> tuple[Transcoder, dict[str, str]]:
    """The transcoder of a file that :func:`save_transcoder` wrote, and how it was trained."""
    arrays, metadata = safetensors_io.load(path)
    tensors = [torch.from_numpy(arrays[name]) for name in _TENSORS]
    return Transcoder(*tensors, active=int(metadata["active"])), metadata


_TENSORS = ("w_enc", "b_enc", "w_dec", "b_dec")
