// The loss of a classifier or a language model, a block for each row of logits. A target outside the classes makes the
// loss no number: nothing waits for the card to be told of it.

// Keeps log Σ eˣ of each row. A row that is ignored, or none is where `ignores` is 0, has loss 0.
KERNEL(cross_entropy_rows)(const Element* logits, const u32* targets, float* normalisers, float* losses, u32 columns,
                           u32 ignore, u32 ignores) {
    __shared__ float shares[WARP];
    u64 row = blockIdx.x;
    logits += row * columns;
    float most = -infinity();
    for (u32 column = 4 * threadIdx.x; column < columns; column += 4 * blockDim.x) {
        int there = left(column, columns);
        Four four = load4(logits + column, there);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            if (i < there) most = fmaxf(most, four.at[i]);
        }
    }
    most = block_max(most, shares);
    float sum = 0.0f;
    for (u32 column = 4 * threadIdx.x; column < columns; column += 4 * blockDim.x) {
        int there = left(column, columns);
        Four four = load4(logits + column, there);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            if (i < there) sum += expf(four.at[i] - most);
        }
    }
    sum = block_sum(sum, shares);
    if (threadIdx.x == 0) {
        float normaliser = most + logf(sum);
        u32 target = targets[row];
        normalisers[row] = normaliser;
        if (ignores && target == ignore) {
            losses[row] = 0.0f;
        } else {
            losses[row] = target < columns ? normaliser - to_float(logits[target]) : __uint_as_float(0x7fc00000u);
        }
    }
}

// The mean of the rows that count, and 1 / their number. One block of 256 threads.
KERNEL(cross_entropy_mean)(const float* losses, const u32* targets, Element* loss, float* share, u32 rows, u32 ignore,
                           u32 ignores) {
    __shared__ double sums[256];
    __shared__ u32 counts[256];
    double sum = 0.0;
    u32 count = 0;
    for (u32 row = threadIdx.x; row < rows; row += blockDim.x) {
        sum += double(losses[row]);
        count += !(ignores && targets[row] == ignore);
    }
    sums[threadIdx.x] = sum;
    counts[threadIdx.x] = count;
    for (u32 step = blockDim.x / 2; step > 0; step /= 2) {
        __syncthreads();
        if (threadIdx.x < step) {
            sums[threadIdx.x] += sums[threadIdx.x + step];
            counts[threadIdx.x] += counts[threadIdx.x + step];
        }
    }
    if (threadIdx.x == 0) {
        from_float(float(sums[0] / double(counts[0])), *loss);
        *share = 1.0f / float(counts[0]);
    }
}

// dlogits = (softmax − one at the target)·dloss/counted; zeros where the row is ignored.
KERNEL(cross_entropy_backward)(const Element* logits, const u32* targets, const float* normalisers, const Element* dloss,
                               const float* share, Element* dlogits, u32 columns, u32 ignore, u32 ignores) {
    u64 row = blockIdx.x;
    logits += row * columns;
    dlogits += row * columns;
    u32 target = targets[row];
    bool ignored = ignores && target == ignore;
    float normaliser = normalisers[row], scale = to_float(*dloss) * *share;
    if (!ignored && target >= columns) scale = __uint_as_float(0x7fc00000u);
    for (u32 column = 4 * threadIdx.x; column < columns; column += 4 * blockDim.x) {
        int there = left(column, columns);
        Four four = load4(logits + column, there);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float chosen = column + i == target ? scale : 0.0f;
            four.at[i] = ignored ? 0.0f : expf(four.at[i] - normaliser) * scale - chosen;
        }
        store4(dlogits + column, there, four);
    }
}
