"""Adapters between Episome and Python's peft, both ways, with nothing but transformers and peft on this side.

    adapter_round_trip.py read BASE ADAPTER TOKENS
        opens the adapter folder ADAPTER on the base model folder BASE and runs it

    adapter_round_trip.py create BASE ADAPTER TOKENS [SETTINGS]
        makes an adapter on BASE with the LoraConfig arguments in SETTINGS (a JSON object; default {}), fills every
        tensor that peft would save with other random numbers, saves it as the new folder ADAPTER, opens it again as
        `read` does, and runs it

TOKENS is a JSON file: a list of sequences, each a list of token ids. Each runs by itself, without padding. The number of
classes comes from the adapter (`read`) or from "labels" in SETTINGS (`create`, default 2); task_type in SETTINGS may be
SEQ_CLS (default) or CAUSAL_LM.

Prints one JSON object:

    logits       for each sequence: one row (SEQ_CLS), or one row a token (CAUSAL_LM)
    tensors      what adapter_model.safetensors holds: key → shape
    trainable    the two numbers that peft's print_trainable_parameters gives, for an adapter of these settings
    all
"""

import json
import sys
import warnings

import torch
from peft import LoraConfig, PeftConfig, PeftModel, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification


def base_model(folder, task_type, labels):
    if task_type == "CAUSAL_LM":
        return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    # A head that the folder does not hold is made at random; the adapter's takes its place.
    return AutoModelForSequenceClassification.from_pretrained(folder, num_labels=labels, dtype=torch.float32)


def read(base, adapter, tokens):
    config = PeftConfig.from_pretrained(adapter)
    tensors = load_file(f"{adapter}/adapter_model.safetensors")
    heads = [tensor.shape[0] for key, tensor in tensors.items() if key.endswith("score.weight")]
    task_type = str(config.task_type).split(".")[-1]
    with warnings.catch_warnings():
        # peft only warns of tensors that the file lacks.
        warnings.filterwarnings("error", message=".*missing adapter keys.*")
        model = PeftModel.from_pretrained(base_model(base, task_type, *heads or [0]), adapter, is_trainable=True)
    trainable, total = model.get_nb_trainable_parameters()
    model.eval()
    logits = []
    with torch.no_grad():
        for ids in tokens:
            logits.append(model(input_ids=torch.tensor([ids])).logits[0].tolist())
    return {
        "logits": logits,
        "tensors": {key: list(tensor.shape) for key, tensor in tensors.items()},
        "trainable": trainable,
        "all": total,
    }


def create(base, adapter, tokens, settings):
    labels = settings.pop("labels", 2)
    task_type = settings.setdefault("task_type", "SEQ_CLS")
    model = get_peft_model(base_model(base, task_type, labels), LoraConfig(**settings))
    generator = torch.Generator().manual_seed(11)
    state = get_peft_model_state_dict(model)
    for key, tensor in state.items():
        state[key] = torch.randn(tensor.shape, generator=generator) * 0.2
    set_peft_model_state_dict(model, state)
    model.save_pretrained(adapter)
    return read(base, adapter, tokens)


def main():
    mode, base, adapter, tokens, *rest = sys.argv[1:]
    with open(tokens) as file:
        tokens = json.load(file)
    if mode == "read":
        result = read(base, adapter, tokens)
    elif mode == "create":
        result = create(base, adapter, tokens, json.loads(rest[0]) if rest else {})
    else:
        sys.exit(__doc__)
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
