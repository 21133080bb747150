"""Running a language model and keeping what passes at some of its sites.

A *site* names a tensor of shape [batch, position, ...] of a forward pass: the path of a module is
its output (the first of several), ``path:input`` its first input. Names of TransformerLens' hook
points, such as ``blocks.3.hook_resid_post``, are the paths of modules there; on a HuggingFace
decoder they stand for the same tensors, where these are a module's input or output.
"""

from __future__ import annotations

import difflib
import logging
import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Callable, Collection, Iterable, Mapping, Optional

import torch
from torch import Tensor, nn

Record = Callable[[Tensor, Collection[str]], Mapping[str, Tensor]]
"""Takes token ids [batch, position] and sites; returns each site's tensor."""

_log = logging.getLogger(__name__)

_HOOK_POINT = re.compile(r"blocks\.(\d+)\.(.+)")


@dataclass(frozen=True)
class Unembedding:
    """How a model makes logits of a state h: ``rows @ (weight * n(h))``, plus a constant."""

    rows: Tensor
    """[tokens, size]"""
    normalisation: str
    """n: none, rms (divides by the root mean square) or layer (takes off the mean before)."""
    epsilon: float = 0.0
    """What n adds to the mean square."""
    weight: Optional[Tensor] = None
    """[size], of n."""


@dataclass(frozen=True)
class Model:
    """A language model: its name in the database, its number of layers, and how to run it.

    ``record`` may be any function; :meth:`of` makes one that hooks a module.
    """

    name: str
    layers: int
    record: Record
    unembedding: Optional[Callable[[], Unembedding]] = None
    """Called once, when the unembedding is written."""

    @staticmethod
    def of(module: nn.Module, name: Optional[str] = None, layers: Optional[int] = None) -> Model:
        """A PyTorch module, a HuggingFace decoder or a TransformerLens model.

        Name and layers are those of the module's own configuration where it has one. The
        unembedding is found in decoders of HuggingFace and TransformerLens; where one has an
        unembedding but its last normalisation is none of those that a bundle can name, it is left
        out, with a warning.
        """
        configuration = getattr(module, "cfg", None) or getattr(module, "config", None)
        name = name or _first(configuration, "model_name", "name_or_path", "_name_or_path")
        layers = layers or _first(configuration, "n_layers", "num_hidden_layers", "n_layer")
        if name is None or layers is None:
            raise ValueError("the module does not say its name and layers: pass both")
        return Model(name, layers, hooked(module), _unembedding(module))


def residual_stream(layers: Iterable[int]) -> dict[int, str]:
    """The site of the residual stream after each layer, of TransformerLens and HuggingFace."""
    return {layer: f"blocks.{layer}.hook_resid_post" for layer in layers}


def hooked(module: nn.Module, run: Optional[Callable[[Tensor], object]] = None) -> Record:
    """Records sites of a module with forward hooks.

    ``run`` takes token ids on the module's device; by default the module is called without its
    unembedding where it is a HuggingFace or TransformerLens model.
    """
    modules = dict(module.named_modules())
    forward = run or _forward(module)
    parameter = next(module.parameters(), None)
    device = None if parameter is None else parameter.device

    def record(ids: Tensor, sites: Collection[str]) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        with ExitStack() as hooks:
            for site in sites:
                path, side = _resolve(site, modules)
                keep = _keep(site, side, found)
                if side == "input":
                    handle = modules[path].register_forward_pre_hook(keep)
                else:
                    handle = modules[path].register_forward_hook(keep)
                hooks.callback(handle.remove)
            with torch.no_grad():
                forward(ids.to(device) if device is not None else ids)
        missing = set(sites) - set(found)
        if missing:
            raise ValueError(f"{sorted(missing)[0]}: the module did not run in the forward pass")
        return found

    return record


def _keep(site: str, side: str, found: dict[str, Tensor]) -> Callable[..., None]:
    def hook(module: nn.Module, inputs: tuple[Any, ...], output: Any = None) -> None:
        if site in found:
            raise ValueError(f"{site}: the module runs more than once in a forward pass")
        if side == "input" and not inputs:
            raise ValueError(
                f"{site}: the module takes its input by keyword; name the output of the one before"
            )
        value = inputs if side == "input" else output
        if isinstance(value, (tuple, list)):
            value = value[0]
        if not isinstance(value, Tensor):
            raise ValueError(f"{site}: the module's {side} is a {type(value).__name__}, no tensor")
        found[site] = value.detach()

    return hook


def _forward(module: Any) -> Callable[[Tensor], object]:
    if hasattr(module, "hook_dict"):
        return lambda ids: module(ids, return_type=None)
    if hasattr(module, "base_model") and hasattr(module, "config"):
        base = module.base_model
        options = {"use_cache": False} if hasattr(module.config, "use_cache") else {}
        return lambda ids: base(input_ids=ids, **options)
    return lambda ids: module(ids)


def _resolve(site: str, modules: Mapping[str, nn.Module]) -> tuple[str, str]:
    """The module's path, and which side of it."""
    path, _, side = site.partition(":")
    if side not in ("", "input"):
        raise ValueError(f"{site}: write PATH for a module's output or PATH:input")
    if path in modules:
        return path, side or "output"
    hook_point = _HOOK_POINT.fullmatch(path)
    if hook_point and not side:
        stack = next((p for p in _STACKS if f"{p}.{hook_point[1]}" in modules), None)
        if stack is not None:
            layer = f"{stack}.{hook_point[1]}"
            child, end = _huggingface(hook_point[2], type(modules[layer]).__name__)
            if end:
                return (f"{layer}.{child}" if child else layer), end
    near = difflib.get_close_matches(path, list(modules), 3)
    raise ValueError(f"{site}: there is no such module; near: {', '.join(near) or 'none'}")


_STACKS = ("model.layers", "layers", "transformer.h", "h", "gpt_neox.layers")
"""Where HuggingFace's decoders keep their layers."""


_NORM_BEFORE_MLP = {
    "GPT2Block": "ln_2",
    "LlamaDecoderLayer": "post_attention_layernorm",
    "MistralDecoderLayer": "post_attention_layernorm",
    "Qwen2DecoderLayer": "post_attention_layernorm",
    "Qwen3DecoderLayer": "post_attention_layernorm",
    "GemmaDecoderLayer": "post_attention_layernorm",
    "Gemma2DecoderLayer": "pre_feedforward_layernorm",
    "Gemma3DecoderLayer": "pre_feedforward_layernorm",
}
"""By the class of a layer: names alone mislead, other decoders use the same ones elsewhere."""


def _huggingface(hook: str, layer: str) -> tuple[str, str]:
    """A hook point's counterpart below a HuggingFace layer of the given class; ("", "") for none."""
    if hook == "hook_resid_pre":
        return "", "input"
    if hook == "hook_resid_post":
        return "", "output"
    norm = _NORM_BEFORE_MLP.get(layer)
    if norm is None:
        return "", ""
    # Gemma 2 and 3 normalise what the MLP writes before it is added.
    written = "post_feedforward_layernorm" if norm == "pre_feedforward_layernorm" else "mlp"
    table = {
        "hook_resid_mid": (norm, "input"),
        "mlp.hook_in": (norm, "output"),
        "mlp.hook_out": ("mlp", "output"),
        "hook_mlp_out": (written, "output"),
    }
    return table.get(hook, ("", ""))


_LAST_NORMS = ("norm", "ln_f", "final_layer_norm", "final_layernorm")
"""What HuggingFace's decoders call the normalisation beside their layers."""

_PROBES = 16


def _unembedding(module: Any) -> Optional[Callable[[], Unembedding]]:
    """That of a HuggingFace or TransformerLens model, if the module has one."""
    modules = dict(module.named_modules())
    if hasattr(getattr(module, "unembed", None), "W_U"):
        rows, norm = module.unembed.W_U.T, modules.get("ln_final")
    elif hasattr(module, "get_output_embeddings"):
        head = module.get_output_embeddings()
        if head is None:
            return None
        rows = head.weight
        stack = next((path for path in _STACKS if f"{path}.0" in modules), None)
        parent = "" if stack is None else stack.rpartition(".")[0]
        paths = (f"{parent}.{name}".lstrip(".") for name in _LAST_NORMS)
        norm = next((modules[path] for path in paths if path in modules), None)
        if norm is None:
            return _left_out("its last normalisation was not found")
    else:
        return None
    with torch.no_grad():
        found = _normalisation(norm, rows)
    if found is None:
        return _left_out(f"its last normalisation, {type(norm).__name__}, is not a known one")
    return lambda: Unembedding(rows.detach(), *found)


def _left_out(reason: str) -> None:
    _log.warning("the model's unembedding is left out: %s", reason)


def _normalisation(
    norm: Optional[nn.Module], rows: Tensor
) -> Optional[tuple[str, float, Optional[Tensor]]]:
    """What a module does to states, found out by trying: kind, epsilon and weight.

    The same names mean different things in different classes: Gemma multiplies by 1 + weight.
    """
    if norm is None:
        return "none", 0.0, None
    own = next(norm.parameters(), rows)
    generator = torch.Generator().manual_seed(0)
    # Small enough for epsilon to matter, with a mean that matters.
    states = 0.01 * (1 + torch.randn((1, _PROBES, rows.shape[1]), generator=generator))
    states = states.to(own.device, own.dtype)
    given = norm(states).double().cpu()
    weight, bias = (_parameter(norm, *names) for names in (("weight", "w"), ("bias", "b")))
    epsilon = next((e for n in ("eps", "variance_epsilon") if (e := getattr(norm, n, None))), 0.0)
    weights = [None] if weight is None else [weight, 1 + weight]
    for kind in ("none", "rms", "layer"):
        x = states.double().cpu()
        if kind == "layer":
            x = x - x.mean(-1, keepdim=True)
        if kind != "none":
            x = x / (x.square().mean(-1, keepdim=True) + float(epsilon)).sqrt()
        for each in weights:
            made = x if each is None else x * each
            made = made if bias is None else made + bias
            if (made - given).abs().max() <= 8 * torch.finfo(own.dtype).eps * given.abs().max():
                return kind, float(epsilon), each
    return None


def _parameter(module: nn.Module, *names: str) -> Optional[Tensor]:
    value = next((v for name in names if (v := getattr(module, name, None)) is not None), None)
    return None if value is None else value.detach().double().cpu()


def _first(configuration: object, *names: str) -> Any:
    return next(
        (value for name in names if (value := getattr(configuration, name, None))), None
    )
