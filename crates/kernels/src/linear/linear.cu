// What a linear layer does beside its products.

// Each row of y (rows, columns) becomes the bias; the product is added to it. A block for each row.
KERNEL(fill_rows)(const Element* bias, Element* y, u32 columns) {
    y += u64(blockIdx.x) * columns;
    for (u32 column = 4 * threadIdx.x; column < columns; column += 4 * blockDim.x) {
        int there = left(column, columns);
        store4(y + column, there, load4(bias + column, there));
    }
}

// Σ over rows of a matrix (rows, columns), in shares: block (i, j) sums the columns 32·i and on over the rows of the
// j-th of gridDim.y parts. 32 × 8 threads.
KERNEL(column_shares)(const Element* matrix, float* shares, u32 rows, u32 columns) {
    __shared__ float sums[8][WARP + 1];
    u32 lane = threadIdx.x % WARP, group = threadIdx.x / WARP;
    u32 column = blockIdx.x * WARP + lane;
    u32 part = (rows + gridDim.y - 1) / gridDim.y;
    u32 begin = blockIdx.y * part, end = begin + part < rows ? begin + part : rows;
    float sum = 0.0f;
    if (column < columns) {
        for (u32 row = begin + group; row < end; row += 8) sum += to_float(matrix[u64(row) * columns + column]);
    }
    sums[group][lane] = sum;
    __syncthreads();
    if (group == 0 && column < columns) {
        for (u32 other = 1; other < 8; other++) sum += sums[other][lane];
        shares[u64(blockIdx.y) * columns + column] = sum;
    }
}

// The total of the shares (parts, columns) of each column.
KERNEL(column_totals)(const float* shares, Element* out, u32 parts, u32 columns) {
    u32 column = blockIdx.x * blockDim.x + threadIdx.x;
    if (column >= columns) return;
    float sum = 0.0f;
    for (u32 part = 0; part < parts; part++) sum += shares[u64(part) * columns + column];
    from_float(sum, out[column]);
}
