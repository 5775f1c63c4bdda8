"""What the benchmark compares with: the tutorial's way, with transformers' Trainer and peft.

    peer.py base    --tokenizer FOLDER --out FOLDER        GPT-2 small's shape, vocabulary 30,000, random weights
    peer.py train   --base FOLDER --data CSV --padding max_length|longest --max-length N --steps N --batch-size N
    peer.py predict --base FOLDER --data CSV --padding max_length|longest --batch-size N
    peer.py products                                       the plain products of a step, 8 x 128 tokens

`products` prints one JSON object with their milliseconds, each the least of several runs. `train` and `predict` print one JSON object: seconds, sequences, tokens (without padding), both over the part that
is timed. Training is timed from the end of the first step to the end of the last, prediction over all batches, so
neither counts imports or loading.
"""

import argparse
import csv
import json
import shutil
import tempfile
import time
from pathlib import Path

import torch
from peft import LoraConfig, TaskType, get_peft_model
from transformers import (
    AutoTokenizer,
    DataCollatorWithPadding,
    GPT2Config,
    GPT2ForSequenceClassification,
    GPT2LMHeadModel,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    default_data_collator,
)


# As torch names precisions.
TORCH_NAMES = {"f32": "float32", "bf16": "bfloat16"}


def make_base(arguments):
    torch.manual_seed(0)
    config = GPT2Config(vocab_size=30_000, pad_token_id=0, bos_token_id=0, eos_token_id=0)
    GPT2LMHeadModel(config).save_pretrained(arguments.out)
    for name in ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt"]:
        shutil.copyfile(arguments.tokenizer / name, arguments.out / name)


def read_rows(path):
    with open(path, newline="") as file:
        return [(row["sequence"], int(row["label"])) for row in csv.DictReader(file)]


def encode(tokenizer, rows, arguments):
    """Rows as the tutorial makes them: truncated, padded to the greatest length or left for the collator."""
    encoded = []
    for sequence, label in rows:
        padding = "max_length" if arguments.padding == "max_length" else False
        item = tokenizer(sequence, truncation=True, max_length=arguments.max_length, padding=padding)
        encoded.append({**item, "labels": label})
    return encoded


def open_base(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.pad_token = tokenizer.eos_token
    model = GPT2ForSequenceClassification.from_pretrained(folder, num_labels=2)
    model.config.pad_token_id = tokenizer.pad_token_id
    return tokenizer, model


def collator(tokenizer, padding):
    return default_data_collator if padding == "max_length" else DataCollatorWithPadding(tokenizer)


def token_count(items, pad_id):
    return sum(sum(1 for token in item["input_ids"] if token != pad_id) for item in items)


class Clock(TrainerCallback):
    """Notes when each optimizer step ended."""

    def __init__(self):
        self.ends = []

    def on_step_end(self, args, state, control, **kwargs):
        self.ends.append(time.perf_counter())


def train(arguments):
    tokenizer, model = open_base(arguments.base)
    model = get_peft_model(
        model,
        LoraConfig(
            task_type=TaskType.SEQ_CLS, r=8, lora_alpha=32, lora_dropout=0.1, target_modules=["c_attn"], fan_in_fan_out=True
        ),
    )
    rows = read_rows(arguments.data)[: arguments.steps * arguments.batch_size]
    items = encode(tokenizer, rows, arguments)
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        Trainer(
            model=model,
            args=TrainingArguments(
                output_dir=folder,
                learning_rate=2e-5,
                weight_decay=0.01,
                per_device_train_batch_size=arguments.batch_size,
                max_steps=arguments.steps,
                save_strategy="no",
                report_to=[],
                disable_tqdm=True,
                logging_strategy="no",
                use_cpu=arguments.device == "cpu",
                bf16=arguments.dtype == "bf16",
            ),
            train_dataset=items,
            data_collator=collator(tokenizer, arguments.padding),
            callbacks=[clock],
        ).train()
    sequences = (arguments.steps - 1) * arguments.batch_size
    share = sequences / len(items)
    return {
        "seconds": clock.ends[-1] - clock.ends[0],
        "sequences": sequences,
        "tokens": token_count(items, tokenizer.pad_token_id) * share,
    }


def predict(arguments):
    tokenizer, model = open_base(arguments.base)
    model = get_peft_model(
        model,
        LoraConfig(task_type=TaskType.SEQ_CLS, r=8, lora_alpha=32, target_modules=["c_attn"], fan_in_fan_out=True),
    ).eval()
    model = model.to(device=arguments.device, dtype=getattr(torch, TORCH_NAMES[arguments.dtype]))
    rows = read_rows(arguments.data)
    collate = collator(tokenizer, arguments.padding)
    started = time.perf_counter()
    items = encode(tokenizer, rows, arguments)
    with torch.inference_mode():
        for start in range(0, len(items), arguments.batch_size):
            batch = {name: one.to(arguments.device) for name, one in collate(items[start : start + arguments.batch_size]).items()}
            model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits.argmax(-1).tolist()
    return {
        "seconds": time.perf_counter() - started,
        "sequences": len(items),
        "tokens": token_count(items, tokenizer.pad_token_id),
    }


def products(arguments):
    """x·W and dy·Wᵀ of all layers of GPT-2 small, one after the other, by torch's own matrix product."""
    tokens, channels, layers = 8 * 128, 768, 12
    sizes = layers * [(1, 3), (1, 1), (1, 4), (4, 1)]
    weights = [torch.randn(inner * channels, outer * channels) for inner, outer in sizes]
    wide = torch.randn(tokens, 4 * channels)

    def once():
        for weight in weights:
            inner, outer = weight.shape
            torch.mm(wide[:, :inner], weight)
            torch.mm(wide[:, :outer], weight.T)

    return {"products_ms": least(once) * 1e3}


def least(run):
    """The least time of several runs, in seconds."""
    times, begun = [], time.perf_counter()
    while len(times) < 5 or (time.perf_counter() - begun < 1.0 and len(times) < 200):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["base", "train", "predict", "products"])
    parser.add_argument("--base", type=Path)
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--padding", choices=["max_length", "longest"], default="max_length")
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--dtype", choices=["f32", "bf16"], default="f32")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.task == "base":
        make_base(arguments)
    else:
        print(json.dumps({"train": train, "predict": predict, "products": products}[arguments.task](arguments)))


if __name__ == "__main__":
    main()
