"""Writes a small GPT-2's weights, and an adapter's, as torch.save writes them, today and before torch 1.6.

    python tests/golden/torch_files.py

writes torch_zip.bin and torch_legacy.bin beside this file. Both hold the tensors of fill.fill(model, 5) on the
configuration below, with what real files have beside them: the causal masks that old versions saved, an output layer
that shares the embedding's storage, one tensor whose numbers are not in order, one that is not at the start of its
storage, and one in half precision. peft_adapter.bin is what peft wrote before safetensors: an adapter of rank 2 on
c_attn, for two classes, filled by fill.uniform(2, key) within ±0.2. Recorded with torch 2.9.1, transformers 5.23.0.
"""

import os
from collections import OrderedDict

import torch
from transformers import GPT2Config, GPT2LMHeadModel

import fill

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIG = dict(vocab_size=11, n_positions=8, n_embd=8, n_layer=1, n_head=2)


def main():
    model = fill.fill(GPT2LMHeadModel(GPT2Config(**CONFIG)), 5)
    state = OrderedDict((name, value.clone()) for name, value in model.transformer.state_dict().items())
    state["h.0.attn.bias"] = torch.tril(torch.ones(8, 8, dtype=torch.bool)).view(1, 1, 8, 8)
    state["h.0.attn.masked_bias"] = torch.tensor(-1e4)
    state["h.0.mlp.c_fc.weight"] = state["h.0.mlp.c_fc.weight"].t().contiguous().t()
    both = torch.cat([state["h.0.ln_1.bias"], state["h.0.ln_2.bias"]])
    state["h.0.ln_1.bias"], state["h.0.ln_2.bias"] = both[:8], both[8:]
    state["wpe.weight"] = state["wpe.weight"].half()
    state["lm_head.weight"] = state["wte.weight"]
    for name, zipped in [("torch_zip.bin", True), ("torch_legacy.bin", False)]:
        torch.save(state, os.path.join(HERE, name), _use_new_zipfile_serialization=zipped)

    module = "base_model.model.transformer.h.0.attn.c_attn"
    shapes = {f"{module}.lora_A.weight": (2, 8), f"{module}.lora_B.weight": (24, 2), "base_model.model.score.weight": (2, 8)}
    adapter = {key: fill.uniform(2, key, shape, 0.2) for key, shape in shapes.items()}
    torch.save(adapter, os.path.join(HERE, "peft_adapter.bin"))


main()
