// GELU in the tanh form: x·g with the gate g = 1/(1 + e⁻²ᵘ), u = √(2/π)·(x + 0.044715·x³), as gelu.rs has it.

constexpr float ROOT = 0.7978846f;
constexpr float CUBIC = 0.044715f;

// e⁻²ᵘ may overflow to infinity: the gate is 0 then, and what is left of 1 is 1.
INLINE void gate(float x, float* open, float* rest) {
    float power = expf(x * fmaf(x * x, -2.0f * ROOT * CUBIC, -2.0f * ROOT));
    *open = 1.0f / (1.0f + power);
    *rest = 1.0f / (1.0f + 1.0f / power);
}

KERNEL(gelu_forward)(const Element* x, Element* y, u64 count) {
    u64 start = own_pack();
    int there = left(start, count);
    if (there == 0) return;
    Four four = load4(x + start, there);
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float open, rest;
        gate(four.at[i], &open, &rest);
        four.at[i] *= open;
    }
    store4(y + start, there, four);
}

// dy/dx = g + x·g·(1 − g)·2·du/dx.
KERNEL(gelu_backward)(const Element* x, const Element* dy, Element* dx, u64 count) {
    u64 start = own_pack();
    int there = left(start, count);
    if (there == 0) return;
    Four four = load4(x + start, there), gradient = load4(dy + start, there);
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float x = four.at[i], open, rest;
        gate(x, &open, &rest);
        float slope = fmaf(x * x, 6.0f * ROOT * CUBIC, 2.0f * ROOT);
        four.at[i] = gradient.at[i] * fmaf(x * open * rest, slope, open);
    }
    store4(dx + start, there, four);
}
