// One step of AdamW; the parameter and its moments change in place. Each formula stands as in adamw.rs.

KERNEL(adamw)(Element* parameter, Element* first, Element* second, const Element* gradient, u64 count,
              float gradient_scale, float beta1, float rest1, float beta2, float rest2, float kept, float step,
              float root_scale, float epsilon) {
    u64 start = own_pack();
    int there = left(start, count);
    if (there == 0) return;
    Four value = load4(parameter + start, there), mean = load4(first + start, there);
    Four square = load4(second + start, there), slope = load4(gradient + start, there);
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float g = slope.at[i] * gradient_scale;
        mean.at[i] = beta1 * mean.at[i] + rest1 * g;
        square.at[i] = beta2 * square.at[i] + rest2 * g * g;
        float denominator = sqrtf(square.at[i]) * root_scale + epsilon;
        value.at[i] = kept * value.at[i] - step * mean.at[i] / denominator;
    }
    store4(parameter + start, there, value);
    store4(first + start, there, mean);
    store4(second + start, there, square);
}
