"""Token ids by transformers' AutoTokenizer, for crates/tokenizer/tests/python.rs.

    tokenizer_round_trip.py FOLDER < sequences      one sequence a line

One JSON object on stdout: `ids`, a list for each line; the ids of the special tokens; and `again`, the ids after
save_pretrained and loading once more.
"""

import json
import sys
import tempfile

from transformers import AutoTokenizer

sequences = sys.stdin.read().splitlines()
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    tokenizer.save_pretrained(folder)
    again = AutoTokenizer.from_pretrained(folder)
json.dump(
    {
        "ids": [tokenizer(sequence)["input_ids"] for sequence in sequences],
        "again": [again(sequence)["input_ids"] for sequence in sequences],
        "vocabulary": len(tokenizer),
        "pad": tokenizer.pad_token_id,
        "end": tokenizer.eos_token_id,
    },
    sys.stdout,
)
