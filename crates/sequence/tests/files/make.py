"""Writes the binary tables that tests/reading/binary.rs reads. Needs pandas, pyarrow and openpyxl.

    python make.py            (pandas 3.1.1, pyarrow 26.0.1, openpyxl 3.1.5 wrote the files in the repository)
"""

from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

here = Path(__file__).parent
sequences = ["ACGTACGTAC", "ttgacaTTGA", "GGGCCCAATT", "AUGGCUAAGC", "CCATGGCCAT", "TATATATAAG"]
ids = [f"s{i}" for i in range(6)]
labels = [0, 1, 1, 0, 1, 0]


def parquet(name, label, sequence=pa.array(sequences), **options):
    table = pa.table({"name": ids, "dna": sequence, "nested": [[1, 2]] * 6, "label": label})
    pq.write_table(table, here / name, row_group_size=4, **options)


parquet("int64_snappy.parquet", pa.array(labels))
parquet("large_string_zstd.parquet", pa.array(labels, pa.int8()), pa.array(sequences, pa.large_string()), compression="zstd")
parquet("float_label_gzip.parquet", pa.array([float(x) for x in labels]), compression="gzip")
parquet("bool_label_plain.parquet", pa.array([bool(x) for x in labels]), compression="none", use_dictionary=False)
parquet("text_label_lz4.parquet", pa.array([["off", "on"][x] for x in labels]), compression="lz4")
parquet("binary_sequence_brotli.parquet", pa.array(labels, pa.uint16()), pa.array([s.encode() for s in sequences]),
        compression="brotli")
parquet("dictionary_label_v2.parquet", pa.array([["off", "on"][x] for x in labels]).dictionary_encode(),
        version="2.6", data_page_version="2.0")
parquet("null_label.parquet", pa.array([0, 1, None, 0, 1, 0]))

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "data"
sheet.append(["gene", "Sequence", "Label"])
for row in zip(ids, sequences, labels):
    sheet.append(list(row))
other = book.create_sheet("other")
other.append(["seq", "class"])
other.append(["ACGTACGTACGT", "a"])
other.append(["TTTTACGTACGT", "b"])
book.save(here / "book.xlsx")
