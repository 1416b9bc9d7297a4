"""Which numbers are computed, by whatever names them."""

import json
import os
from functools import lru_cache

from ._textura import Descriptor

_PRESETS = ("default", "fast", "full", "ibsi")


def descriptor_of(descriptor):
    """The checked descriptor of a preset's name, a JSON file, a dictionary, or one that is checked already."""
    if isinstance(descriptor, Descriptor):
        return descriptor
    if isinstance(descriptor, dict):
        return _parsed(json.dumps(descriptor))
    if isinstance(descriptor, (str, os.PathLike)):
        name = os.fsdecode(descriptor)
        # A file may change between two calls, a preset does not.
        return _preset(name) if name in _PRESETS else Descriptor.read(name)
    expected = f"one of {', '.join(_PRESETS)}, a JSON file, or a dictionary"
    raise TypeError(f"descriptor: expected {expected}, found {type(descriptor).__name__}")


@lru_cache(maxsize=None)
def _preset(name):
    return Descriptor.read(name)


@lru_cache(maxsize=16)
def _parsed(text):
    return Descriptor.parse(text)
