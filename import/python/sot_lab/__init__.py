"""The lab: trains the small addition model and writes the demonstration data of SOT for Neo4j.

The modules follow the data: :mod:`model` and :mod:`train` make the language model,
:mod:`dictionaries` its transcoders, :mod:`labels` names for their features,
:mod:`attribution` circuits, :mod:`bundle` the activation bundle. ``python3 -m sot_lab build``
runs them all. :mod:`faithfulness` measures compressions on the model.
"""

__version__ = "1.0.0"
