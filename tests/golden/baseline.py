"""Golden values for episome-train's k-mer baseline, from scikit-learn.

    python tests/golden/baseline.py > tests/golden/baseline.json

Random sequences whose letter shares depend on the class; features log(1 + count) of all words of 1 to 6 letters that hold
only A, C, G and T; LogisticRegression with its L2 penalty, solved to the end.
"""

import itertools
import json

import numpy as np
import sklearn
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

WORDS = ["".join(letters) for k in range(1, 7) for letters in itertools.product("ACGT", repeat=k)]


def sequence(random, label, classes):
    strong = 0.3 + 0.4 * label / (classes - 1)
    letters = random.choice(list("ACGTN"), size=int(random.integers(20, 120)), p=np.array([1 - strong, strong, strong, 1 - strong, 0.04]) / 2.04)
    return "".join(letters)


def case(seed, classes, strength):
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, size=40)
    train = [sequence(random, label, classes) for label in labels]
    test = [sequence(random, label, classes) for label in random.integers(0, classes, size=10)]
    counter = CountVectorizer(analyzer="char", ngram_range=(1, 6), lowercase=False, vocabulary=WORDS)
    features = [np.log1p(counter.transform(part).toarray().astype(np.float64)) for part in (train, test)]
    model = LogisticRegression(C=strength, tol=1e-10, max_iter=20000).fit(features[0], labels)
    return {
        "classes": classes,
        "C": strength,
        "train": train,
        "labels": labels.tolist(),
        "test": test,
        "probabilities": model.predict_proba(features[1]).reshape(-1).tolist(),
    }


print(json.dumps({"scikit-learn": sklearn.__version__, "cases": [case(1, 2, 0.003), case(2, 2, 0.5), case(3, 4, 0.05)]}))
