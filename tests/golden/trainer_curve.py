"""Records 50 steps of transformers' Trainer with peft's LoRA: the loss, gradient norm and learning rate of every step.

    python tests/golden/trainer_curve.py

writes trainer_curve.json beside this file:

    config         GPT-2's configuration; no dropout anywhere
    lora           LoraConfig's arguments, task SEQ_CLS
    sequences      token ids of the training set, one list each; `labels`: their classes
    batch_size     batches are consecutive sequences in the order of the file, the last of an epoch shorter; after the
                   last one the file starts again. The Trainer pads each batch on the right to its longest sequence
    training       optimiser and schedule: AdamW (decay not on biases and norms), linear to 0 without warm-up, clipping
    steps          for every optimiser step: loss (mean cross-entropy of the batch, before the step), gradient_norm
                   (before clipping), learning_rate (of this step)
    final          every trained tensor after the last step, by its key in adapter_model.safetensors

The start is not stored. Base weights, the head among them, are fill.weight(1, name, shape); lora_A is
fill.uniform(2, key, shape, 1/sqrt(in)) by its key in the adapter file; lora_B is 0. In Rust `fill.uniform` is
`models::random::uniform`, and fill.weight is the same within ±0.3, plus 1 for the weights of layer norms.

Recorded with Python 3.11, torch 2.9.1, transformers 5.23.0, peft 0.21.2; trainer_curve.json says so too.
"""

import os
import tempfile
import warnings

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from torch.utils.data import SequentialSampler
from transformers import GPT2Config, GPT2ForSequenceClassification, Trainer, TrainerCallback, TrainingArguments

import fill

HERE = os.path.dirname(os.path.abspath(__file__))
PAD = 0
CONFIG = dict(vocab_size=24, n_positions=40, n_embd=32, n_layer=2, n_head=4, pad_token_id=PAD, num_labels=2,
              bos_token_id=PAD, eos_token_id=PAD, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)
LORA = dict(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=["c_attn", "c_fc"], bias="lora_only")
TRAINING = dict(max_steps=50, learning_rate=0.01, weight_decay=0.01, max_grad_norm=1.0, lr_scheduler_type="linear",
                warmup_steps=0, adam_beta1=0.9, adam_beta2=0.999, adam_epsilon=1e-8)
BATCH = 8


def records():
    """100 sequences of 6 to 30 tokens; the class is whether token 7 comes before token 11 in them."""
    sequences, labels = [], []
    index = 0
    while len(sequences) < 100:
        length = fill.tokens(3, f"length {index}", 1, 6, 31)[0]
        tokens = fill.tokens(3, f"tokens {index}", length, 1, CONFIG["vocab_size"])
        index += 1
        if 7 in tokens and 11 in tokens:
            sequences.append(tokens)
            labels.append(int(tokens.index(7) < tokens.index(11)))
    return sequences, labels


def collate(items):
    width = max(len(item["ids"]) for item in items)
    pad = [width - len(item["ids"]) for item in items]
    return dict(
        input_ids=torch.tensor([item["ids"] + [PAD] * gap for item, gap in zip(items, pad)]),
        attention_mask=torch.tensor([[1] * len(item["ids"]) + [0] * gap for item, gap in zip(items, pad)]),
        labels=torch.tensor([item["label"] for item in items]),
    )


class InOrder(Trainer):
    """The Trainer, but for the order of the records, and with exact losses kept (its log rounds them)."""

    losses = []

    def _get_train_sampler(self, *arguments, **keywords):
        return SequentialSampler(self.train_dataset)

    def compute_loss(self, *arguments, **keywords):
        result = super().compute_loss(*arguments, **keywords)
        loss = result[0] if isinstance(result, tuple) else result
        self.losses.append(float(loss.detach()))
        return result


class Keep(TrainerCallback):
    logs = []

    def on_log(self, arguments, state, control, logs=None, **keywords):
        if "loss" in logs:
            self.logs.append(dict(logs))


def main():
    warnings.simplefilter("ignore")
    sequences, labels = records()
    model = fill.fill(GPT2ForSequenceClassification(GPT2Config(**CONFIG)), 1)
    model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", **LORA))
    start = get_peft_model_state_dict(model)
    for key, value in start.items():
        if "lora_A" in key:
            start[key] = fill.uniform(2, key, tuple(value.shape), value.shape[1] ** -0.5)
    set_peft_model_state_dict(model, start)

    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(output_dir=folder, per_device_train_batch_size=BATCH, logging_steps=1,
                                      save_strategy="no", report_to=[], use_cpu=True, disable_tqdm=True,
                                      remove_unused_columns=False, logging_nan_inf_filter=False, **TRAINING)
        dataset = [dict(ids=ids, label=label) for ids, label in zip(sequences, labels)]
        trainer = InOrder(model=model, args=arguments, train_dataset=dataset, data_collator=collate,
                          callbacks=[Keep()])
        trainer.train()

    steps = [dict(loss=fill.rounded(loss), gradient_norm=fill.rounded(log["grad_norm"]),
                  learning_rate=log["learning_rate"])
             for loss, log in zip(InOrder.losses, Keep.logs, strict=True)]
    for step, log in zip(steps, Keep.logs):
        assert abs(step["loss"] - log["loss"]) < 1e-4
    final = {key: fill.rounded(value) for key, value in sorted(get_peft_model_state_dict(model).items())}
    fill.write(os.path.join(HERE, "trainer_curve.json"),
               dict(recorded_with=fill.versions(), config=CONFIG, lora=LORA, batch_size=BATCH, training=TRAINING,
                    sequences=sequences, labels=labels, steps=steps, final=final))
    print("loss", steps[0]["loss"], "to", steps[-1]["loss"], "norm", [round(s["gradient_norm"], 2) for s in steps[::7]],
          "rate", steps[0]["learning_rate"], steps[1]["learning_rate"], steps[-1]["learning_rate"])


main()
