//! DNA sequences and tables in and out, their repair, labels, splits and audits.
