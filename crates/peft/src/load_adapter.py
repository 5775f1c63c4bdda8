"""Loads this adapter in Python, checks it, and predicts with it.

    python load_adapter.py                        runs selftest.jsonl
    python load_adapter.py --input a.fasta        prints a line per sequence: id, class, probability
    python load_adapter.py --base FOLDER          with the base model from a folder

Needs torch, transformers and peft. Written by Episome.
"""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def load(base):
    """The base model with this adapter, for as many classes as labels.json names."""
    from peft import PeftModel
    from transformers import AutoModelForSequenceClassification

    names = json.loads((HERE / "labels.json").read_text())["labels"]
    model = AutoModelForSequenceClassification.from_pretrained(
        base,
        num_labels=len(names),
        id2label=dict(enumerate(names)),
        label2id={name: index for index, name in enumerate(names)},
    )
    # A base that is stored in 16 bits is opened so; Episome computes with 32, and so must this to agree.
    return PeftModel.from_pretrained(model.float(), HERE).eval(), names


def tokenizer():
    """From sequence to ids, without padding, truncation or special tokens that the file would add."""
    file = HERE / "tokenizer" / "tokenizer.json"
    if file.exists():
        from tokenizers import Tokenizer

        tokens = Tokenizer.from_file(str(file))
        tokens.no_padding()
        tokens.no_truncation()
        return lambda sequence: tokens.encode(sequence).ids
    from transformers import AutoTokenizer

    tokens = AutoTokenizer.from_pretrained(HERE / "tokenizer")
    return lambda sequence: tokens(sequence)["input_ids"]


def logits(model, ids):
    """One sequence at a time, so that no padding is needed."""
    import torch

    with torch.no_grad():
        return model(torch.tensor([ids])).logits[0]


def clean(sequence):
    return sequence.upper().replace("U", "T")


def fasta(path):
    name, parts = None, []
    for line in open(path):
        line = line.strip()
        if line.startswith(">"):
            if name is not None:
                yield name, "".join(parts)
            name, parts = (line[1:].split() or [""])[0], []
        else:
            parts.append(line)
    if name is not None:
        yield name, "".join(parts)


def self_test(model, encode):
    """Compares ids and logits with those that were written with the adapter."""
    worst, count = 0.0, 0
    for line in open(HERE / "selftest.jsonl"):
        test = json.loads(line)
        if encode is not None and encode(test["sequence"])[: len(test["tokens"])] != test["tokens"]:
            sys.exit(f"the tokenizer gives other ids than it gave in training, for {test['sequence'][:40]}…")
        found = logits(model, test["tokens"])
        worst = max([worst] + [abs(float(a) - b) for a, b in zip(found, test["logits"])])
        count += 1
    print(f"{count} inputs, largest difference of a logit {worst:.2e}")
    if worst > 1e-3:
        sys.exit("the logits differ: the base model is another one, or a file was changed")


def main():
    config = json.loads((HERE / "adapter_config.json").read_text())
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default=config["base_model_name_or_path"], help="base model: a folder or a Hub id")
    parser.add_argument("--input", help="FASTA file to predict on; without it the self-test runs")
    arguments = parser.parse_args()

    model, names = load(arguments.base)
    encode = tokenizer() if (HERE / "tokenizer").exists() else None
    if arguments.input is None:
        return self_test(model, encode)
    if encode is None:
        sys.exit("this folder has no tokenizer/, so it can't read sequences")
    longest = json.loads((HERE / "labels.json").read_text()).get("max_length")
    print("id\tpredicted_label\tconfidence")
    for name, sequence in fasta(arguments.input):
        probabilities = logits(model, encode(clean(sequence))[:longest]).softmax(0)
        best = int(probabilities.argmax())
        print(f"{name}\t{names[best]}\t{float(probabilities[best]):.4f}")


if __name__ == "__main__":
    main()
