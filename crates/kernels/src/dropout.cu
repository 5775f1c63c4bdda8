// Dropout: the mask is computed where it is needed and never stored.

KERNEL(dropout)(const Element* x, Element* y, u64 count, Mask mask) {
    u64 start = own_pack();
    int there = left(start, count);
    if (there == 0) return;
    Four four = load4(x + start, there);
#pragma unroll
    for (int i = 0; i < 4; i++) four.at[i] *= factor(mask, start + i);
    store4(y + start, there, four);
}

// out += drop(x).
KERNEL(add_dropped)(Element* out, const Element* x, u64 count, Mask mask) {
    u64 start = own_pack();
    int there = left(start, count);
    if (there == 0) return;
    Four sum = load4(out + start, there), four = load4(x + start, there);
#pragma unroll
    for (int i = 0; i < 4; i++) sum.at[i] = fmaf(four.at[i], factor(mask, start + i), sum.at[i]);
    store4(out + start, there, sum);
}
