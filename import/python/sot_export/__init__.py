"""Brings models' activations and circuits into SOT for Neo4j.

:func:`export` streams a corpus through a model and its sparse dictionaries and writes an
activation bundle. ``sot-export circuit`` converts the graphs that circuit-tracer saves, and
sparse feature circuits.
"""

__version__ = "1.0.0"

from .corpus import Prompt, tokenize
from .dictionaries import Dictionary, DictionaryLayer, Vectors, circuit_tracer, saelens
from .exporter import Exported, export
from .model import Model, Unembedding, hooked, residual_stream

__all__ = [
    "Dictionary",
    "DictionaryLayer",
    "Exported",
    "Model",
    "Prompt",
    "Unembedding",
    "Vectors",
    "circuit_tracer",
    "export",
    "hooked",
    "residual_stream",
    "saelens",
    "tokenize",
]
