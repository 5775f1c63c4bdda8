"""Numbers that Python and Rust make alike, so that golden files need not carry weights.

`uniform` is `models::random::uniform`: every element is a hash (the finaliser of SplitMix64) of a seed, the FNV-1a
hash of the tensor's name, and the element's index.
"""

import json
import sys

import numpy
import torch

torch.set_num_threads(2)
numpy.seterr(over="ignore")
MASK = (1 << 64) - 1


def name_hash(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def mix(seed, site):
    """SplitMix64's finaliser; `site` is a number or an array of uint64."""
    site = numpy.asarray(site, dtype=numpy.uint64)
    bits = numpy.uint64(seed) + site * numpy.uint64(0x9E3779B97F4A7C15) + numpy.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> numpy.uint64(31))


def uniform(seed, name, shape, bound):
    """A float32 tensor, uniform in [-bound, bound)."""
    seed = int(mix(seed, name_hash(name)))
    count = int(numpy.prod(shape))
    unit = (mix(seed, numpy.arange(count)) >> numpy.uint64(11)).astype(numpy.float64) / float(1 << 53)
    return torch.from_numpy(((2.0 * unit - 1.0) * bound).astype(numpy.float32).reshape(shape))


def weight(seed, name, shape):
    """A base model's tensor: norms around 1, everything else around 0, large enough that every part matters."""
    value = uniform(seed, name, shape, 0.3)
    norm = name.rsplit(".", 2)[-2].startswith("ln_") and name.endswith(".weight")
    return value + 1.0 if norm else value


@torch.no_grad()
def fill(model, seed):
    """Fills a transformers model by its parameters' names."""
    for name, parameter in model.named_parameters():
        parameter.copy_(weight(seed, name, tuple(parameter.shape)))
    return model


def tokens(seed, name, count, low, high):
    """`count` token ids in low..high."""
    return [low + int(value % (high - low)) for value in mix(int(mix(seed, name_hash(name))), numpy.arange(count))]


def versions():
    """What the values were recorded with."""
    import peft
    import transformers

    return {
        "python": sys.version.split()[0],
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "peft": peft.__version__,
    }


def rounded(values):
    """Nested lists of floats, as the shortest text that gives the same float32."""
    if isinstance(values, torch.Tensor):
        values = values.detach().tolist()
    if isinstance(values, list):
        return [rounded(value) for value in values]
    return float(numpy.format_float_positional(numpy.float32(values), unique=True))


def write(path, value):
    """JSON with a line for each top-level field, and for each item where the field is a list."""
    fields = []
    for key, field in value.items():
        if isinstance(field, list):
            items = ",\n".join(json.dumps(item, separators=(",", ":")) for item in field)
            fields.append(f"{json.dumps(key)}: [\n{items}\n]")
        else:
            fields.append(f"{json.dumps(key)}: {json.dumps(field)}")
    with open(path, "w") as file:
        file.write("{\n" + ",\n".join(fields) + "\n}\n")
