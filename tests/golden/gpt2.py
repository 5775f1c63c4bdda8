"""Records logits, losses and gradients of transformers' GPT-2 on small configurations with every field that counts.

    python tests/golden/gpt2.py

writes gpt2.json (configurations, inputs, logits, losses) and gpt2.safetensors (gradients, as
`<case>/<task>/<parameter>`) beside this file. Weights are not stored: fill.weight makes them from the case's seed.
Recorded with Python 3.11, torch 2.9.1, transformers 5.23.0; gpt2.json says so too.
"""

import os
import warnings

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

import fill

HERE = os.path.dirname(os.path.abspath(__file__))
PAD = 3
SMALL = dict(vocab_size=19, n_positions=24, n_embd=16, n_layer=2, n_head=4, pad_token_id=PAD, num_labels=3,
             bos_token_id=0, eos_token_id=0)

# Every field that changes a number, alone or with others. "gradients": recorded too.
CASES = {
    "default": dict(gradients=True),
    "inner_relu": dict(n_inner=24, activation_function="relu", gradients=True),
    "unscaled_gelu": dict(scale_attn_weights=False, activation_function="gelu", gradients=True),
    "inverse_layer_silu": dict(scale_attn_by_inverse_layer_idx=True, activation_function="silu", n_layer=3,
                               gradients=True),
    "unscaled_inverse_layer": dict(scale_attn_weights=False, scale_attn_by_inverse_layer_idx=True),
    "upcast_tanh": dict(reorder_and_upcast_attn=True, activation_function="tanh", attn_implementation="eager",
                        gradients=True),
    "upcast_inverse_layer": dict(reorder_and_upcast_attn=True, scale_attn_by_inverse_layer_idx=True,
                                 attn_implementation="eager"),
    "epsilon_one_head": dict(layer_norm_epsilon=0.01, n_head=1, activation_function="quick_gelu", gradients=True),
    "untied": dict(tie_word_embeddings=False, n_layer=1, gradients=True),
    "odd_sizes": dict(n_embd=15, n_head=3, n_inner=7, vocab_size=23, n_positions=17, num_labels=1, gradients=True),
    # Dropout is off at inference, whatever the configuration says.
    "dropouts": dict(resid_pdrop=0.5, embd_pdrop=0.4, attn_pdrop=0.3),
    "other_pad": dict(pad_token_id=7),
}
for name in ["gelu_fast", "gelu_pytorch_tanh", "gelu_python", "gelu_python_tanh", "gelu_accurate", "gelu_10", "relu2",
             "relu6", "leaky_relu", "swish", "mish", "sigmoid", "hardswish", "linear"]:
    CASES[f"activation_{name}"] = dict(activation_function=name, n_layer=1)


def sequences(seed, vocabulary, pad):
    """Four sequences of different lengths; the pad id is in none of them but the last, which is pad in its middle."""
    lengths = [5, 1, 9, 6]
    ids = [[token + (token >= pad) for token in fill.tokens(seed, f"sequence {index}", length, 0, vocabulary - 1)]
           for index, length in enumerate(lengths)]
    ids[3][2] = pad
    return ids


def padded(ids, pad, side, width=11):
    rows, masks = [], []
    for row in ids:
        gap = width - len(row)
        left = gap if side == "left" else 0
        rows.append([pad] * left + row + [pad] * (gap - left))
        masks.append([0] * left + [1] * len(row) + [0] * (gap - left))
    return rows, masks


def classification(model, ids, config):
    """Logits however the rows are padded."""
    pad = config.pad_token_id
    record = []
    for side in ["right", "left"]:
        rows, mask = padded(ids, pad, side)
        record.append(dict(padding=side, ids=rows, mask=mask))
        # Without a mask padding is read as if it were sequence; the last row is padding only.
        record.append(dict(padding=f"{side}, no mask", ids=rows + [[pad] * 11], mask=None))
    for row in ids:
        record.append(dict(padding="none", ids=[row], mask=None))
    for case in record:
        mask = None if case["mask"] is None else torch.tensor(case["mask"])
        case["logits"] = fill.rounded(model(torch.tensor(case["ids"]), attention_mask=mask).logits)
    return record


def gradients(model):
    return {name: parameter.grad.clone() for name, parameter in model.named_parameters()}


def main():
    warnings.simplefilter("ignore")
    cases, tensors = [], {}
    for seed, (name, settings) in enumerate(CASES.items(), start=1):
        settings = dict(settings)
        with_gradients = settings.pop("gradients", False)
        attention = settings.pop("attn_implementation", "sdpa")
        config = GPT2Config(**{**SMALL, **settings})
        config._attn_implementation = attention
        pad = config.pad_token_id
        ids = sequences(seed, config.vocab_size, pad)

        classifier = fill.fill(GPT2ForSequenceClassification(config), seed).eval()
        case = dict(name=name, seed=seed, config=config.to_diff_dict(), sequences=ids,
                    classification=classification(classifier, ids, config))
        rows, mask = padded(ids, pad, "left")
        if with_gradients and config.num_labels > 1:
            labels = [index % config.num_labels for index in range(len(ids))]
            loss = classifier(torch.tensor(rows), attention_mask=torch.tensor(mask), labels=torch.tensor(labels)).loss
            loss.backward()
            case.update(labels=labels, classification_loss=fill.rounded(loss))
            tensors.update({f"{name}/classification/{key}": value for key, value in gradients(classifier).items()})

        language_model = fill.fill(GPT2LMHeadModel(config), seed).eval()
        case["language_model"] = []
        for side in ["left", "right"]:
            rows, mask = padded(ids, pad, side)
            # No loss for padding, nor for a first token, which nothing of its sequence comes before.
            labels = [[token if keep and keep_before else -100
                       for token, keep, keep_before in zip(row, counts, [0] + counts)]
                      for row, counts in zip(rows, mask)]
            output = language_model(torch.tensor(rows), attention_mask=torch.tensor(mask), labels=torch.tensor(labels))
            # The logits of the tokens that count, in order.
            logits = output.logits[torch.tensor(mask).bool()]
            case["language_model"].append(dict(padding=side, ids=rows, mask=mask, logits=fill.rounded(logits),
                                               loss=fill.rounded(output.loss)))
            if with_gradients and side == "left":
                output.loss.backward()
                tensors.update({f"{name}/language_model/{key}": value
                                for key, value in gradients(language_model).items()})
        cases.append(case)
    fill.write(os.path.join(HERE, "gpt2.json"), dict(recorded_with=fill.versions(), cases=cases))
    save_file(tensors, os.path.join(HERE, "gpt2.safetensors"), metadata={"format": "pt"})


main()
