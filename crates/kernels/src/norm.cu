// Σg² of one gradient, as one share of each block of 256 threads, in f64.

KERNEL(squares)(const Element* gradient, double* shares, u64 count, u32 first) {
    __shared__ double sums[256];
    double sum = 0.0;
    for (u64 start = own_pack(); start < count; start += 4 * u64(gridDim.x) * blockDim.x) {
        Four four = load4(gradient + start, left(start, count));
        for (int i = 0; i < 4; i++) sum += double(four.at[i]) * double(four.at[i]);
    }
    sums[threadIdx.x] = sum;
    for (u32 step = blockDim.x / 2; step > 0; step /= 2) {
        __syncthreads();
        if (threadIdx.x < step) sums[threadIdx.x] += sums[threadIdx.x + step];
    }
    if (threadIdx.x == 0) shares[first + blockIdx.x] = sums[0];
}
