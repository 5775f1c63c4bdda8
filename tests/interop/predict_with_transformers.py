"""Logits of a merged model, computed by transformers alone.

    predict_with_transformers.py MODEL FASTA    prints {"labels": […], "logits": [[…], …]}
"""

import json
import sys

import torch
from predict_with_peft import read_fasta
from transformers import AutoModelForSequenceClassification, AutoTokenizer


def main():
    folder, fasta = sys.argv[1:]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    logits = []
    for sequence in read_fasta(fasta):
        ids = tokenizer(sequence, return_tensors="pt", padding=False, truncation=False)["input_ids"]
        with torch.inference_mode():
            logits.append(model(input_ids=ids).logits[0].tolist())
    labels = [model.config.id2label[index] for index in range(model.config.num_labels)]
    print(json.dumps({"labels": labels, "logits": logits}))


if __name__ == "__main__":
    main()
