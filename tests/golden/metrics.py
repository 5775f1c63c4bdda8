"""Golden values for episome-train's metrics, from scikit-learn.

    python tests/golden/metrics.py > tests/golden/metrics.json      (scikit-learn 1.7 or later, NumPy)

Cases: ties among scores, unbalanced classes, seven classes, a class that is absent from the records, a class that is never
called, all records of one class. Logits are drawn with one decimal so that JSON holds them exactly as f32 reads them back.
"""

import json
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.filterwarnings("ignore")


def softmax(logits):
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def number(value):
    return None if value is None or not np.isfinite(value) else float(value)


def case(name, logits, labels, curves=False):
    logits = np.asarray(logits, dtype=np.float32)
    labels = np.asarray(labels)
    classes = logits.shape[1]
    probabilities = softmax(logits.astype(np.float64))
    predicted = logits.argmax(axis=1)
    names = list(range(classes))
    precision, recall, f1, support = m.precision_recall_fscore_support(
        labels, predicted, labels=names, zero_division=0
    )
    one_against_rest = [labels == k for k in names]
    auroc = [
        m.roc_auc_score(t, probabilities[:, k]) if 0 < t.sum() < len(t) else None for k, t in enumerate(one_against_rest)
    ]
    auprc = [
        m.average_precision_score(t, probabilities[:, k]) if t.any() else None for k, t in enumerate(one_against_rest)
    ]
    expected = {
        "accuracy": number(m.accuracy_score(labels, predicted)),
        "mcc": number(m.matthews_corrcoef(labels, predicted)),
        "loss": number(m.log_loss(labels, probabilities, labels=names)),
        "confusion": m.confusion_matrix(labels, predicted, labels=names).tolist(),
        "support": support.tolist(),
        "per_class": {
            "precision": precision.tolist(),
            "recall": recall.tolist(),
            "f1": f1.tolist(),
            "auroc": [number(v) for v in auroc],
            "auprc": [number(v) for v in auprc],
        },
    }
    for average in ["macro", "weighted"]:
        # Not told the labels, scikit-learn averages over those that occur in truth or prediction.
        p, r, f, _ = m.precision_recall_fscore_support(labels, predicted, average=average, zero_division=0)
        expected[average] = {"precision": number(p), "recall": number(r), "f1": number(f)}
    if classes == 2:
        expected["auroc"] = auroc[1]
        expected["auprc"] = auprc[1]
    elif all(v is not None for v in auroc):
        expected["auroc"] = number(m.roc_auc_score(labels, probabilities, multi_class="ovr", average="macro"))
        expected["macro"]["auroc"] = expected["auroc"]
        expected["weighted"]["auroc"] = number(
            m.roc_auc_score(labels, probabilities, multi_class="ovr", average="weighted")
        )
        indicator = np.stack(one_against_rest, axis=1).astype(int)
        expected["auprc"] = number(m.average_precision_score(indicator, probabilities, average="macro"))
        expected["weighted"]["auprc"] = number(m.average_precision_score(indicator, probabilities, average="weighted"))
    else:
        # scikit-learn refuses here; the mean over the classes that have a value is what Episome defines.
        expected["auroc"] = number(np.mean([v for v in auroc if v is not None])) if any(v is not None for v in auroc) else None
        expected["auprc"] = number(np.mean([v for v in auprc if v is not None]))
    if curves:
        fpr, tpr, thresholds = m.roc_curve(labels, probabilities[:, 1], drop_intermediate=True)
        expected["roc"] = {"false": fpr.tolist(), "true": tpr.tolist(), "thresholds": [number(t) for t in thresholds]}
        p, r, thresholds = m.precision_recall_curve(labels, probabilities[:, 1])
        expected["precision_recall"] = {"precision": p.tolist(), "recall": r.tolist(), "thresholds": thresholds.tolist()}
    return {
        "name": name,
        "classes": classes,
        "labels": labels.tolist(),
        "logits": [round(float(v), 1) for v in logits.reshape(-1)],
        "expected": expected,
    }


def draw(seed, shares, records, lift):
    random = np.random.default_rng(seed)
    labels = random.choice(len(shares), size=records, p=shares)
    logits = random.normal(size=(records, len(shares)))
    logits[np.arange(records), labels] += lift
    return np.round(logits, 1), labels


def main():
    cases = []
    cases.append(case("two classes, many ties", *draw(1, [0.5, 0.5], 80, 0.8), curves=True))
    logits, labels = draw(2, [0.93, 0.07], 150, 1.5)
    cases.append(case("two unbalanced classes", logits, labels, curves=True))
    cases.append(case("seven unbalanced classes", *draw(3, [0.4, 0.25, 0.15, 0.1, 0.05, 0.03, 0.02], 200, 1.2)))
    logits, labels = draw(4, [0.5, 0.3, 0.0, 0.2], 60, 1.0)
    cases.append(case("four classes, the third absent but called", logits, labels))
    logits, labels = draw(5, [0.5, 0.5, 0.0], 40, 1.0)
    logits[:, 2] = -9
    cases.append(case("three classes, the third absent and never called", logits, labels))
    logits, labels = draw(6, [0.5, 0.2, 0.3], 40, 1.0)
    logits[:, 1] = -9
    cases.append(case("three classes, the second never called", logits, labels))
    cases.append(case("all scores equal", np.zeros((10, 2)), [0, 1] * 5, curves=True))
    cases.append(case("all called one class", np.tile([0.5, -0.5], (12, 1)), [0] * 9 + [1] * 3))
    cases.append(case("perfect", np.array([[3, -3]] * 6 + [[-3, 3]] * 5), [0] * 6 + [1] * 5, curves=True))
    cases.append(case("always wrong", np.array([[-3, 3]] * 6 + [[3, -3]] * 5), [0] * 6 + [1] * 5))
    cases.append(case("far logits", np.array([[400.0, -400.0], [-300.0, 300.0], [20.0, 10.0], [5.0, 30.0]]), [0, 1, 1, 1]))
    print(json.dumps({"scikit-learn": sklearn.__version__, "cases": cases}, indent=None, separators=(",", ":")))


main()
