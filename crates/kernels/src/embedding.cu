// The rows of a table, by their ids; a block for each id. An id outside the table gives a row of no numbers: nothing waits
// for the card to be told of it.

KERNEL(embedding_forward)(const Element* table, const u32* ids, Element* y, u32 limit, u32 columns) {
    u64 row = blockIdx.x;
    u32 id = ids[row];
    y += row * columns;
    for (u32 column = 4 * threadIdx.x; column < columns; column += 4 * blockDim.x) {
        int there = left(column, columns);
        Four four;
        if (id < limit) {
            four = load4(table + u64(id) * columns + column, there);
        } else {
#pragma unroll
            for (int i = 0; i < 4; i++) four.at[i] = __uint_as_float(0x7fc00000u);
        }
        store4(y + column, there, four);
    }
}

// The block of an id's first row sums the rows of dy that have this id, in their order; the others do nothing. dtable is
// zero before.
KERNEL(embedding_backward)(const u32* ids, const Element* dy, Element* dtable, u32 rows, u32 limit, u32 columns) {
    __shared__ u32 matches[WARP];
    __shared__ u32 earlier;
    u32 row = blockIdx.x, id = ids[row], lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
    if (id >= limit) return;
    if (threadIdx.x == 0) earlier = 0;
    __syncthreads();
    for (u32 other = threadIdx.x; other < row; other += blockDim.x) {
        if (ids[other] == id) earlier = 1; // whoever writes, writes the same
    }
    __syncthreads();
    if (earlier) return;
    // Thread t sums the four columns from 4·t on, and those as many threads further.
    for (u32 base = 0; base < columns; base += 4 * blockDim.x) {
        u32 column = base + 4 * threadIdx.x;
        int there = left(column, columns);
        Four sum;
#pragma unroll
        for (int i = 0; i < 4; i++) sum.at[i] = 0.0f;
        for (u32 next = row; next < rows; next += blockDim.x) {
            // Which of the next rows have the id, a bit for each.
            bool same = next + threadIdx.x < rows && ids[next + threadIdx.x] == id;
            u32 ballot = __ballot_sync(ALL_LANES, same);
            __syncthreads();
            if (lane == 0) matches[warp] = ballot;
            __syncthreads();
            for (u32 word = 0; word < blockDim.x / WARP; word++) {
                for (u32 bits = matches[word]; bits != 0; bits &= bits - 1) {
                    u64 match = next + word * WARP + __ffs(int(bits)) - 1;
                    Four four = load4(dy + match * columns + column, there);
#pragma unroll
                    for (int i = 0; i < 4; i++) sum.at[i] += four.at[i];
                }
            }
        }
        store4(dtable + u64(id) * columns + column, there, sum);
    }
}
