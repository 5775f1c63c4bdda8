// Layer normalisation, a warp for each row.

INLINE u32 own_row() { return blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP; }

// Keeps a row's mean and 1/√(variance + ε), found in two passes: the second is free of the cancellation that
// Σx² − (Σx)² has.
KERNEL(layer_norm_forward)(const Element* x, const Element* weight, const Element* bias, Element* y, float* statistics,
                           u32 rows, u32 columns, float epsilon) {
    u32 row = own_row(), lane = threadIdx.x % WARP;
    if (row >= rows) return;
    x += u64(row) * columns;
    y += u64(row) * columns;
    float sum = 0.0f;
    for (u32 column = 4 * lane; column < columns; column += 4 * WARP) {
        Four four = load4(x + column, left(column, columns));
        sum += (four.at[0] + four.at[1]) + (four.at[2] + four.at[3]);
    }
    float mean = warp_sum(sum) / float(columns);
    float squares = 0.0f;
    for (u32 column = 4 * lane; column < columns; column += 4 * WARP) {
        int there = left(column, columns);
        Four four = load4(x + column, there);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float distance = i < there ? four.at[i] - mean : 0.0f;
            squares = fmaf(distance, distance, squares);
        }
    }
    float inverse = 1.0f / sqrtf(warp_sum(squares) / float(columns) + epsilon);
    for (u32 column = 4 * lane; column < columns; column += 4 * WARP) {
        int there = left(column, columns);
        Four four = load4(x + column, there);
        Four scale = load4(weight + column, there), shift = load4(bias + column, there);
#pragma unroll
        for (int i = 0; i < 4; i++) four.at[i] = fmaf((four.at[i] - mean) * inverse, scale.at[i], shift.at[i]);
        store4(y + column, there, four);
    }
    if (lane == 0) {
        statistics[2 * u64(row)] = mean;
        statistics[2 * u64(row) + 1] = inverse;
    }
}

// With n = (x − mean)·inverse and g = dy·weight: dx = inverse·(g − mean(g) − n·mean(g·n)). g is rounded both times: a row
// of equal elements has a large inverse, and g − mean(g) would be what rounding left.
KERNEL(layer_norm_backward)(const Element* x, const Element* weight, const Element* dy, const float* statistics,
                            Element* dx, u32 rows, u32 columns) {
    u32 row = own_row(), lane = threadIdx.x % WARP;
    if (row >= rows) return;
    x += u64(row) * columns;
    dy += u64(row) * columns;
    dx += u64(row) * columns;
    float mean = statistics[2 * u64(row)], inverse = statistics[2 * u64(row) + 1];
    float sum = 0.0f, products = 0.0f;
    for (u32 column = 4 * lane; column < columns; column += 4 * WARP) {
        int there = left(column, columns);
        // What is not there has dy = 0.
        Four four = load4(x + column, there), gradient = load4(dy + column, there);
        Four scale = load4(weight + column, there);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float g = __fmul_rn(gradient.at[i], scale.at[i]);
            sum += g;
            products = fmaf(g, (four.at[i] - mean) * inverse, products);
        }
    }
    float mean_gradient = warp_sum(sum) / float(columns), mean_product = warp_sum(products) / float(columns);
    for (u32 column = 4 * lane; column < columns; column += 4 * WARP) {
        int there = left(column, columns);
        Four four = load4(x + column, there), gradient = load4(dy + column, there);
        Four scale = load4(weight + column, there);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float normal = (four.at[i] - mean) * inverse;
            float g = __fmul_rn(gradient.at[i], scale.at[i]);
            four.at[i] = inverse * (g - fmaf(normal, mean_product, mean_gradient));
        }
        store4(dx + column, there, four);
    }
}

// Shares (parts, 2, columns) of dweight = Σ dy·n and dbias = Σ dy over rows: block (i, j) sums the columns 32·i and on
// over the rows of the j-th of gridDim.y parts. 32 × 8 threads.
KERNEL(layer_norm_columns)(const Element* x, const Element* dy, const float* statistics, float* shares, u32 rows,
                           u32 columns) {
    __shared__ float sums[2][8][WARP + 1];
    u32 lane = threadIdx.x % WARP, group = threadIdx.x / WARP;
    u32 column = blockIdx.x * WARP + lane;
    u32 part = (rows + gridDim.y - 1) / gridDim.y;
    u32 begin = blockIdx.y * part, end = begin + part < rows ? begin + part : rows;
    float scale = 0.0f, shift = 0.0f;
    if (column < columns) {
        for (u32 row = begin + group; row < end; row += 8) {
            u64 at = u64(row) * columns + column;
            float gradient = to_float(dy[at]);
            float normal = (to_float(x[at]) - statistics[2 * u64(row)]) * statistics[2 * u64(row) + 1];
            scale = fmaf(gradient, normal, scale);
            shift += gradient;
        }
    }
    sums[0][group][lane] = scale;
    sums[1][group][lane] = shift;
    __syncthreads();
    if (group == 0 && column < columns) {
        for (u32 other = 1; other < 8; other++) {
            scale += sums[0][other][lane];
            shift += sums[1][other][lane];
        }
        u64 at = 2 * u64(blockIdx.y) * columns + column;
        shares[at] = scale;
        shares[at + columns] = shift;
    }
}
