"""Three steps of torch's AdamW with clipping on a small problem, for the unit test in src/optimizer.rs."""
import json
from pathlib import Path

import torch

weight = torch.nn.Parameter(torch.tensor([0.5, -1.0, 2.0]))
bias = torch.nn.Parameter(torch.tensor(0.25))
optimizer = torch.optim.AdamW(
    [{"params": [weight], "weight_decay": 0.05}, {"params": [bias], "weight_decay": 0.0}], lr=0.1
)
x = torch.tensor([1.0, 2.0, -0.5])
weights, biases, norms = [], [], []
for _ in range(3):
    optimizer.zero_grad()
    ((weight * x).sum() + bias).square().backward()
    norms.append(float(torch.nn.utils.clip_grad_norm_([weight, bias], 1.0)))
    optimizer.step()
    weights.append([float(value) for value in weight.detach()])
    biases.append(float(bias.detach()))
recorded = {"weights": weights, "biases": biases, "norms": norms}
Path(__file__).with_suffix(".json").write_text(json.dumps(recorded, indent=1) + "\n")
