"""Logits of an exported adapter, computed by transformers and peft alone.

    predict_with_peft.py BASE ADAPTER FASTA     prints a JSON list: the logits of each sequence, in order

ADAPTER is a folder, or the id of a repository on the Hub that HF_ENDPOINT names.
"""

import json
import os
import sys

import torch
from huggingface_hub import snapshot_download
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def read_fasta(path):
    sequences = []
    for line in open(path):
        if line.startswith(">"):
            sequences.append("")
        else:
            sequences[-1] += line.strip().upper()
    return sequences


def main():
    base, adapter, fasta = sys.argv[1:]
    folder = adapter if os.path.isdir(adapter) else snapshot_download(adapter)
    labels = json.load(open(f"{folder}/labels.json"))
    names = labels["labels"] if isinstance(labels, dict) else labels
    tokenizer = AutoTokenizer.from_pretrained(f"{folder}/tokenizer")
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=len(names))
    model = PeftModel.from_pretrained(model.float(), adapter).eval()
    logits = []
    for sequence in read_fasta(fasta):
        ids = tokenizer(sequence, return_tensors="pt", padding=False, truncation=False)["input_ids"]
        with torch.inference_mode():
            logits.append(model(input_ids=ids).logits[0].tolist())
    print(json.dumps(logits))


if __name__ == "__main__":
    main()
