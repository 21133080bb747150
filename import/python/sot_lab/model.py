"""A decoder-only transformer that adds two three-digit numbers, and the language it speaks.

A prompt is ``^abc+def=wxyz``: thirteen tokens, of which the model reads the first twelve and
predicts the last four. The model is small enough to train on one processor core and regular
enough that its circuits can be judged by eye.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional

VOCABULARY = "0123456789+=^"
PLUS, EQUALS, START = 10, 11, 12
PROMPT_LENGTH = 13
READ_LENGTH = PROMPT_LENGTH - 1
FIRST_ANSWER = 9
"""Position of the sum's thousands digit; the position before it ("=") predicts it."""

NORM_EPSILON = 1e-5


def digits(numbers: Tensor, count: int) -> Tensor:
    """The ``count`` decimal digits of each number, most significant first: [n] -> [n, count]."""
    return torch.stack([numbers // 10**i % 10 for i in reversed(range(count))], dim=1)


def encode_sums(a: Tensor, b: Tensor) -> Tensor:
    """Token ids of ``^a+b=c`` for numbers in 0..999: [n], [n] -> [n, 13]."""
    constant = torch.ones_like(a)[:, None]
    return torch.cat(
        (
            constant * START,
            digits(a, 3),
            constant * PLUS,
            digits(b, 3),
            constant * EQUALS,
            digits(a + b, 4),
        ),
        dim=1,
    )


def decode_tokens(ids: list[int]) -> str:
    return "".join(VOCABULARY[i] for i in ids)


@dataclass
class Capture:
    """What one forward pass computed, one entry a layer, each [batch, position, ...]."""

    patterns: list[Tensor] = field(default_factory=list)
    """Attention probabilities, [batch, head, query, key]."""
    attention_scales: list[Tensor] = field(default_factory=list)
    """Reciprocal denominator of the norm before attention, [batch, position, 1]."""
    mlp_scales: list[Tensor] = field(default_factory=list)
    mlp_inputs: list[Tensor] = field(default_factory=list)
    """Normalised input of the MLP."""
    mlp_outputs: list[Tensor] = field(default_factory=list)
    residuals: list[Tensor] = field(default_factory=list)
    """Residual stream after the layer."""
    final_scale: Tensor | None = None


class LayerNorm(nn.Module):
    """Layer norm whose denominator can be handed in, so that it becomes an affine map."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(size))
        self.bias = nn.Parameter(torch.zeros(size))

    def forward(self, x: Tensor, scale: Tensor | None = None) -> tuple[Tensor, Tensor]:
        x = x - x.mean(-1, keepdim=True)
        if scale is None:
            scale = (x.square().mean(-1, keepdim=True) + NORM_EPSILON).rsqrt()
        return x * scale * self.gain + self.bias, scale


class Block(nn.Module):
    """Parameters of one layer; :class:`AdditionModel` runs them."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.attention_norm = LayerNorm(size)
        self.qkv = nn.Linear(size, 3 * size)
        self.attention_out = nn.Linear(size, size)
        self.mlp_norm = LayerNorm(size)
        self.mlp_in = nn.Linear(size, 4 * size)
        self.mlp_out = nn.Linear(4 * size, size)


class AdditionModel(nn.Module):
    """Pre-norm GPT with learned positions and an untied unembedding without bias."""

    def __init__(self, size: int = 128, layers: int = 4, heads: int = 4, seed: int = 0) -> None:
        super().__init__()
        self.size, self.layers, self.heads = size, layers, heads
        self.token_embedding = nn.Parameter(torch.empty(len(VOCABULARY), size))
        self.position_embedding = nn.Parameter(torch.empty(PROMPT_LENGTH, size))
        self.blocks = nn.ModuleList(Block(size) for _ in range(layers))
        self.final_norm = LayerNorm(size)
        self.unembedding = nn.Parameter(torch.empty(len(VOCABULARY), size))
        self._initialise(torch.Generator().manual_seed(seed))

    def _initialise(self, generator: torch.Generator) -> None:
        into_residual = 0.02 / math.sqrt(2 * self.layers)
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if parameter.ndim == 2:
                    narrow = name.endswith(("attention_out.weight", "mlp_out.weight"))
                    std = into_residual if narrow else 0.02
                    parameter.copy_(torch.randn(parameter.shape, generator=generator) * std)
                elif name.endswith("bias"):
                    parameter.zero_()

    def embed(self, tokens: Tensor) -> Tensor:
        """[batch, position] -> [batch, position, size]."""
        return self.token_embedding[tokens] + self.position_embedding[: tokens.shape[1]]

    def forward(
        self,
        tokens: Tensor,
        capture: Capture | None = None,
        mlp_outputs: list[Tensor] | None = None,
    ) -> Tensor:
        """Logits [batch, position, vocabulary]; fills ``capture`` when one is given.

        ``mlp_outputs``, one [batch, position, size] a layer, stand in for what the MLPs compute.
        """
        x = self.embed(tokens)
        for layer, block in enumerate(self.blocks):
            normed, attention_scale = block.attention_norm(x)
            pattern = self._pattern(block, normed)
            x = x + self._attend(block, normed, pattern)
            mlp_input, mlp_scale = block.mlp_norm(x)
            if mlp_outputs is None:
                mlp_output = block.mlp_out(functional.gelu(block.mlp_in(mlp_input)))
            else:
                mlp_output = mlp_outputs[layer]
            x = x + mlp_output
            if capture is not None:
                capture.patterns.append(pattern)
                capture.attention_scales.append(attention_scale)
                capture.mlp_scales.append(mlp_scale)
                capture.mlp_inputs.append(mlp_input)
                capture.mlp_outputs.append(mlp_output)
                capture.residuals.append(x)
        normed, final_scale = self.final_norm(x)
        if capture is not None:
            capture.final_scale = final_scale
        return normed @ self.unembedding.T

    def forward_frozen(
        self, embeddings: Tensor, mlp_outputs: list[Tensor], frozen: Capture
    ) -> tuple[list[Tensor], Tensor]:
        """The model as an affine map of its embeddings and MLP outputs.

        Attention patterns and norm denominators are those of ``frozen`` (a capture of one
        prompt), the MLPs' outputs are given. Returns the MLPs' inputs and the logits.
        """
        x = embeddings
        mlp_inputs = []
        for layer, block in enumerate(self.blocks):
            normed, _ = block.attention_norm(x, frozen.attention_scales[layer])
            x = x + self._attend(block, normed, frozen.patterns[layer])
            mlp_input, _ = block.mlp_norm(x, frozen.mlp_scales[layer])
            mlp_inputs.append(mlp_input)
            x = x + mlp_outputs[layer]
        normed, _ = self.final_norm(x, frozen.final_scale)
        return mlp_inputs, normed @ self.unembedding.T

    def _split_heads(self, x: Tensor) -> Tensor:
        batch, length, _ = x.shape
        return x.view(batch, length, self.heads, -1).transpose(1, 2)

    def _pattern(self, block: Block, normed: Tensor) -> Tensor:
        weight, bias = block.qkv.weight, block.qkv.bias
        n = self.size
        query = self._split_heads(functional.linear(normed, weight[:n], bias[:n]))
        key = self._split_heads(functional.linear(normed, weight[n : 2 * n], bias[n : 2 * n]))
        scores = query @ key.transpose(-1, -2) / math.sqrt(n // self.heads)
        length = normed.shape[1]
        future = torch.full((length, length), -math.inf).triu(1)
        return (scores + future).softmax(-1)

    def _attend(self, block: Block, normed: Tensor, pattern: Tensor) -> Tensor:
        weight, bias = block.qkv.weight, block.qkv.bias
        n = self.size
        value = self._split_heads(functional.linear(normed, weight[2 * n :], bias[2 * n :]))
        return block.attention_out((pattern @ value).transpose(1, 2).flatten(2))
