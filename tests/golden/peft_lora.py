"""Records what peft's LoRA makes of small GPT-2 models: files, counts, logits, losses and gradients.

    python tests/golden/peft_lora.py

writes peft_lora.json and peft_lora.safetensors (gradients, as `<variant>/<key>`) beside this file. The base's weights
are fill.weight(1, name), the adapter's fill.uniform(2, key) within ±0.2, by the keys of the file that peft writes.
Recorded with Python 3.11, torch 2.9.1, transformers 5.23.0, peft 0.21.2; peft_lora.json says so too.
"""

import json
import os
import tempfile
import warnings
from copy import deepcopy

import torch
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

import fill

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIG = dict(vocab_size=19, n_positions=24, n_embd=16, n_layer=2, n_head=4, pad_token_id=3, num_labels=3,
              bos_token_id=0, eos_token_id=0)
ATTENTION = ["c_attn"]

# The settings of LoraConfig; `gradients` is ours.
VARIANTS = {
    "default": dict(gradients=True),
    "rank_and_alpha": dict(r=3, lora_alpha=12, target_modules=ATTENTION),
    "rslora": dict(r=4, lora_alpha=8, use_rslora=True, target_modules=ATTENTION, gradients=True),
    "dropout_off_at_inference": dict(lora_dropout=0.5, target_modules=ATTENTION),
    "bias_all": dict(bias="all", target_modules=ATTENTION, gradients=True),
    "bias_lora_only": dict(bias="lora_only", target_modules=["c_attn", "c_fc"], gradients=True),
    "both_c_proj": dict(target_modules=["c_proj"]),
    "attention_c_proj": dict(target_modules=["attn.c_proj"]),
    "all_linear": dict(target_modules="all-linear", r=2, gradients=True),
    "expression": dict(target_modules=r".*\.h\.1\..*(c_attn|c_fc)"),
    "one_layer": dict(target_modules=["c_attn", "c_fc"], layers_to_transform=[1]),
    "one_layer_as_number": dict(target_modules=ATTENTION, layers_to_transform=0, layers_pattern="h"),
    "excluded": dict(target_modules=["c_proj"], exclude_modules=["mlp.c_proj"]),
    "excluded_by_expression": dict(target_modules=["c_attn", "c_proj"], exclude_modules=r".*\.0\..*"),
    "patterns": dict(target_modules=["c_attn", "c_proj", "c_fc"], rank_pattern={"h.1.attn.c_attn": 3, "c_fc": 2},
                     alpha_pattern={r"h\.[0-9]+\.mlp\.c_fc": 20, "c_proj": 1}, gradients=True),
    "rslora_patterns": dict(use_rslora=True, target_modules=["c_attn", "c_fc"], rank_pattern={"c_fc": 2},
                            alpha_pattern={"c_attn": 5}),
    "saves_a_norm": dict(modules_to_save=["ln_f"], gradients=True),
    "saves_positions": dict(modules_to_save=["wpe", "score"]),
    "saves_mlps": dict(modules_to_save=["mlp"], target_modules=["c_proj"], gradients=True),
    "saves_a_norm_bias_all": dict(modules_to_save=["ln_f", "ln_1"], bias="all"),
    "language_model": dict(task_type="CAUSAL_LM", target_modules=["c_attn", "c_proj"], gradients=True),
    "language_model_bias_all": dict(task_type="CAUSAL_LM", bias="all"),
    "language_model_all_linear": dict(task_type="CAUSAL_LM", target_modules="all-linear"),
}

# Which modules peft adapts, on twelve layers; null: it raises.
TWELVE = dict(CONFIG, n_layer=12, n_embd=8, n_head=2)
MATCHES = [
    dict(target_modules=["c_attn"]),
    dict(target_modules=["attn.c_proj"]),
    dict(target_modules=["h.1.attn.c_attn"]),
    dict(target_modules=["1.attn.c_attn"]),
    dict(target_modules=["transformer.h.11.mlp.c_fc", "h.2.mlp.c_proj"]),
    dict(target_modules=["transformer.h.11.mlp.c_fc", "c_attn"], layers_to_transform=[1, 10]),
    dict(target_modules=["c_attn"], layers_to_transform=[1], layers_pattern=["h"]),
    dict(target_modules=["c_attn"], layers_to_transform=[1], layers_pattern=["layers"]),
    dict(target_modules=["c_attn"], layers_to_transform=[1], layers_pattern=["layers", "h"]),
    dict(target_modules=["c_attn"], layers_to_transform=[]),
    dict(target_modules=["c_attn"], layers_to_transform=[12]),
    dict(target_modules=["c_attn", "no_such"]),
    dict(target_modules=["no_such"]),
    dict(target_modules=["_attn"]),
    dict(target_modules=["transformer.h.*.attn.c_attn"]),
    dict(target_modules=["c_attn", "h.*.mlp.c_fc"]),
    dict(target_modules=["ln_1"]),
    dict(target_modules=["score"]),
    dict(target_modules=["score", "c_attn"]),
    dict(target_modules="c_attn"),
    dict(target_modules=".*c_attn"),
    dict(target_modules=r".*\.(1|3)\.attn\.c_attn"),
    dict(target_modules=r"transformer\.h\.\d\.mlp\.c_(fc|proj)"),
    dict(target_modules=r"^(?!.*\.1\.).*c_attn$"),
    dict(target_modules=".*c_attn", layers_to_transform=[1]),
    dict(target_modules="all-linear"),
    dict(target_modules="ALL-LINEAR"),
    dict(target_modules="all-linear", exclude_modules=["c_attn", "mlp.c_proj"]),
    dict(target_modules=["c_proj"], exclude_modules=["attn.c_proj"]),
    dict(target_modules=["c_proj"], exclude_modules=["proj"]),
    dict(target_modules=["c_proj"], exclude_modules=r".*\.1\d\..*"),
    dict(target_modules=["c_proj"], exclude_modules="c_proj"),
    dict(target_modules=["c_proj"], exclude_modules=["c_proj"]),
    dict(target_modules=["c_attn", "c_fc"], modules_to_save=["mlp"]),
    dict(target_modules=["c_fc"], modules_to_save=["mlp"]),
    dict(target_modules=["c_attn"], modules_to_save=["h.1"]),
    dict(target_modules=["c_attn"], modules_to_save=["attn"]),
]


def inputs():
    ids = [[4, 17, 8, 1, 6], [9], [5, 12, 13, 12, 13, 18, 16], [7, 16, 2, 1]]
    width = max(map(len, ids))
    rows = [row + [3] * (width - len(row)) for row in ids]
    mask = [[1] * len(row) + [0] * (width - len(row)) for row in ids]
    return rows, mask


def base(task_type, config):
    kind = GPT2LMHeadModel if task_type == "CAUSAL_LM" else GPT2ForSequenceClassification
    return fill.fill(kind(GPT2Config(**config)), 1).eval()


def record(name, settings):
    settings = dict(settings)
    with_gradients = settings.pop("gradients", False)
    task_type = settings.setdefault("task_type", "SEQ_CLS")
    model = get_peft_model(base(task_type, CONFIG), LoraConfig(**deepcopy(settings))).eval()
    trainable, total = model.get_nb_trainable_parameters()

    state = {key: fill.uniform(2, key, tuple(value.shape), 0.2)
             for key, value in get_peft_model_state_dict(model).items()}
    for key in state:
        # `bias: all` beside modules_to_save writes the same bias three times.
        for copy in [".modules_to_save.", ".original_module."]:
            if copy in key:
                state[key] = state[key.replace(copy, ".")].clone()
    set_peft_model_state_dict(model, state)

    rows, mask = inputs()
    rows, mask = torch.tensor(rows), torch.tensor(mask)
    labels = torch.tensor([0, 1, 2, 1]) if task_type == "SEQ_CLS" else torch.where(mask.bool(), rows, -100)
    output = model(rows, attention_mask=mask, labels=labels)
    logits = output.logits if task_type == "SEQ_CLS" else output.logits[mask.bool()]

    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        with open(os.path.join(folder, "adapter_config.json")) as file:
            config = json.load(file)
        written = load_file(os.path.join(folder, "adapter_model.safetensors"))
        again = PeftModel.from_pretrained(base(task_type, CONFIG), folder).eval()
        repeated = again(rows, attention_mask=mask).logits
        assert torch.equal(repeated, output.logits), name
    for listed in ["target_modules", "modules_to_save"]:  # sets, whose order changes from run to run
        if isinstance(config[listed], list):
            config[listed] = sorted(config[listed])

    result = dict(name=name, settings=settings, config=config, trainable=trainable, all=total,
                  matched=model.base_model.targeted_module_names,
                  tensors={key: list(value.shape) for key, value in sorted(written.items())},
                  logits=fill.rounded(logits), loss=fill.rounded(output.loss))
    gradients = {}
    if with_gradients:
        output.loss.backward()
        parameters = dict(model.named_parameters())
        for key in written:
            # base_model.model.….lora_A.weight is ….lora_A.default.weight in memory.
            parts = key.rsplit(".", 1)
            for place in [key, f"{parts[0]}.default.{parts[1]}", f"{parts[0]}.modules_to_save.default.{parts[1]}",
                          key.replace(".mlp.", ".mlp.modules_to_save.default.")]:
                if place in parameters and parameters[place].requires_grad:
                    gradients[f"{name}/{key}"] = parameters[place].grad.clone()
        assert len(gradients) == len(written), (name, sorted(written), sorted(gradients), list(parameters))
    return result, gradients


def match(settings):
    try:
        model = get_peft_model(base("SEQ_CLS", TWELVE), LoraConfig(task_type="SEQ_CLS", **deepcopy(settings)))
    except ValueError as error:
        return dict(settings=settings, matched=None, message=str(error)[:100])
    return dict(settings=settings, matched=model.base_model.targeted_module_names)


def main():
    warnings.simplefilter("ignore")
    variants, tensors = [], {}
    for name, settings in VARIANTS.items():
        variant, gradients = record(name, settings)
        variants.append(variant)
        tensors.update(gradients)
    rows, mask = inputs()
    fill.write(os.path.join(HERE, "peft_lora.json"),
               dict(recorded_with=fill.versions(), base=CONFIG, ids=[rows], mask=[mask], variants=variants,
                    twelve_layers=TWELVE, matches=[match(settings) for settings in MATCHES]))
    save_file(tensors, os.path.join(HERE, "peft_lora.safetensors"), metadata={"format": "pt"})


main()
