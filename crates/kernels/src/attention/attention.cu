// Attention over sequences packed end to end, by tiles that stay in shared memory (Dao et al. 2022, arXiv 2205.14135): no
// matrix of queries by keys is ever in memory.
//
// A block has 128 threads, 16 groups of 8 lanes. Its tile has 16·R rows and 32 columns of scores: thread (group, lane)
// holds the rows group, group + 16 … and the columns lane, lane + 8 … of it, and of what the rows sum up the channels
// 4·lane …, 4·lane + 32 … Rows of shared tiles are as far apart as is free of conflicts between the banks.
//
// `places` tells of each tile of rows where it begins, and where its segment begins and ends. D is a head's size rounded
// up to a multiple of 32; WIDTH names it where only that one is wanted.

constexpr u32 LANES = 8;
constexpr u32 GROUPS = 16;
constexpr u32 COLUMNS = 32;
constexpr u32 WEIGHTS = COLUMNS + 4;

struct Place {
    u32 row, start, end;
};

INLINE Place own_place(const u32* places) {
    places += 3 * u64(blockIdx.x);
    return {places[0], places[1], places[2]};
}

// Rows `first` to `first + ROWS` of a head's channels, times `scale`; zeros from row `end` and channel `size` on.
template <u32 D, u32 ROWS>
INLINE void load_tile(float* tile, const Element* from, u64 stride, u32 first, u32 end, u32 size, float scale) {
    for (u32 index = threadIdx.x; index < ROWS * (D / 4); index += GROUPS * LANES) {
        u32 row = index / (D / 4), channel = 4 * (index % (D / 4));
        int there = first + row < end ? left(channel, size) : 0;
        Four four = load4(from + (first + row) * stride + channel, there);
#pragma unroll
        for (int i = 0; i < 4; i++) four.at[i] *= scale;
        *reinterpret_cast<Four*>(tile + row * (D + 4) + channel) = four;
    }
}

// out[i][j] = row i · column j, over the channels.
template <u32 D, u32 R>
INLINE void products(float (&out)[R][4], const float* rows, const float* columns, u32 group, u32 lane) {
#pragma unroll
    for (u32 i = 0; i < R; i++) {
#pragma unroll
        for (u32 j = 0; j < 4; j++) out[i][j] = 0.0f;
    }
#pragma unroll 4
    for (u32 channel = 0; channel < D; channel += 4) {
        Four right[4];
#pragma unroll
        for (u32 j = 0; j < 4; j++) {
            right[j] = *reinterpret_cast<const Four*>(columns + (lane + LANES * j) * (D + 4) + channel);
        }
#pragma unroll
        for (u32 i = 0; i < R; i++) {
            Four row = *reinterpret_cast<const Four*>(rows + (group + GROUPS * i) * (D + 4) + channel);
#pragma unroll
            for (u32 j = 0; j < 4; j++) {
#pragma unroll
                for (u32 k = 0; k < 4; k++) out[i][j] = fmaf(row.at[k], right[j].at[k], out[i][j]);
            }
        }
    }
}

// out += weights (rows, 32) · values (32, D).
template <u32 D, u32 R>
INLINE void accumulate(float (&out)[R][D / 8], const float* weights, const float* values, u32 group, u32 lane) {
#pragma unroll 2
    for (u32 column = 0; column < COLUMNS; column += 4) {
        Four weight[R];
#pragma unroll
        for (u32 i = 0; i < R; i++) {
            weight[i] = *reinterpret_cast<const Four*>(weights + (group + GROUPS * i) * WEIGHTS + column);
        }
#pragma unroll
        for (u32 k = 0; k < 4; k++) {
#pragma unroll
            for (u32 part = 0; part < D / 32; part++) {
                Four value =
                    *reinterpret_cast<const Four*>(values + (column + k) * (D + 4) + 4 * lane + 32 * part);
#pragma unroll
                for (u32 i = 0; i < R; i++) {
#pragma unroll
                    for (u32 l = 0; l < 4; l++) {
                        float& sum = out[i][4 * part + l];
                        sum = fmaf(weight[i].at[k], value.at[l], sum);
                    }
                }
            }
        }
    }
}

template <u32 D, u32 R>
INLINE void clear(float (&sums)[R][D / 8]) {
#pragma unroll
    for (u32 i = 0; i < R; i++) {
#pragma unroll
        for (u32 j = 0; j < D / 8; j++) sums[i][j] = 0.0f;
    }
}

// This thread's channels of one of its rows, times `scale`, to where the row's head begins.
template <u32 D>
INLINE void store_row(Element* to, const float (&sums)[D / 8], u32 lane, u32 size, float scale) {
#pragma unroll
    for (u32 part = 0; part < D / 32; part++) {
        u32 channel = 4 * lane + 32 * part;
        Four four;
#pragma unroll
        for (u32 l = 0; l < 4; l++) four.at[l] = scale * sums[4 * part + l];
        store4(to + channel, left(channel, size), four);
    }
}

// y (T, C) and log Σ eˢ of each head's each query, (heads, T). Tiles of 64 queries.
template <u32 D>
INLINE void forward(float* shared, const Element* qkv, Element* y, float* normalisers, const u32* places, u32 total,
                    u32 channels, u32 size, float scale, u32 causal, const Mask& mask) {
    constexpr u32 R = 4, ROWS = GROUPS * R;
    float* query = shared;
    float* key = query + ROWS * (D + 4); // and then the values
    float* weights = key + COLUMNS * (D + 4);
    u32 group = threadIdx.x / LANES, lane = threadIdx.x % LANES, head = blockIdx.y;
    Place place = own_place(places);
    u64 stride = 3 * u64(channels);
    qkv += u64(head) * size;

    load_tile<D, ROWS>(query, qkv, stride, place.row, place.end, size, scale);
    float most[R], total_weight[R], sums[R][D / 8];
    clear<D, R>(sums);
#pragma unroll
    for (u32 i = 0; i < R; i++) {
        most[i] = -infinity();
        total_weight[i] = 0.0f;
    }
    u32 last = causal && place.row + ROWS < place.end ? place.row + ROWS : place.end;
    for (u32 first = place.start; first < last; first += COLUMNS) {
        __syncthreads(); // the values and weights of the tile before have been read
        load_tile<D, COLUMNS>(key, qkv + channels, stride, first, place.end, size, 1.0f);
        __syncthreads();
        float scores[R][4];
        products<D, R>(scores, query, key, group, lane);
#pragma unroll
        for (u32 i = 0; i < R; i++) {
            u32 row = place.row + group + GROUPS * i;
            u32 seen = causal && row < place.end ? row + 1 : place.end;
            float largest = most[i];
#pragma unroll
            for (u32 j = 0; j < 4; j++) {
                if (first + lane + LANES * j >= seen) scores[i][j] = -infinity();
                largest = fmaxf(largest, scores[i][j]);
            }
            largest = lanes_max(largest, LANES);
            // A causal tile may hide all its keys from a row, but never the first tile.
            float shrink = expf(most[i] - largest), sum = 0.0f;
            most[i] = largest;
#pragma unroll
            for (u32 j = 0; j < 4; j++) {
                u32 column = first + lane + LANES * j;
                float weight = expf(scores[i][j] - largest);
                sum += weight;
                weight *= factor(mask, (u64(head) * total + row) * total + column);
                weights[(group + GROUPS * i) * WEIGHTS + lane + LANES * j] = weight;
            }
            total_weight[i] = total_weight[i] * shrink + lanes_sum(sum, LANES);
#pragma unroll
            for (u32 j = 0; j < D / 8; j++) sums[i][j] *= shrink;
        }
        __syncthreads(); // the keys have been read
        load_tile<D, COLUMNS>(key, qkv + 2 * channels, stride, first, place.end, size, 1.0f);
        __syncthreads();
        accumulate<D, R>(sums, weights, key, group, lane);
    }
#pragma unroll
    for (u32 i = 0; i < R; i++) {
        u32 row = place.row + group + GROUPS * i;
        if (row >= place.end) continue;
        store_row<D>(y + u64(row) * channels + u64(head) * size, sums[i], lane, size, 1.0f / total_weight[i]);
        if (lane == 0) normalisers[u64(head) * total + row] = most[i] + logf(total_weight[i]);
    }
}

// δ = Σ dy·y over the channels of each head of each row, (heads, T): it equals Σ P∘dP over the keys. A warp for each.
INLINE void products_with_result(const Element* y, const Element* dy, float* delta, u32 total, u32 channels, u32 size) {
    u32 row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP, head = blockIdx.y, lane = threadIdx.x % WARP;
    if (row >= total) return;
    u64 at = u64(row) * channels + u64(head) * size;
    float sum = 0.0f;
    for (u32 channel = 4 * lane; channel < size; channel += 4 * WARP) {
        int there = left(channel, size);
        Four four = load4(y + at + channel, there), gradient = load4(dy + at + channel, there);
#pragma unroll
        for (int i = 0; i < 4; i++) sum = fmaf(four.at[i], gradient.at[i], sum);
    }
    sum = warp_sum(sum);
    if (lane == 0) delta[u64(head) * total + row] = sum;
}

// The softmax P is computed again from its logarithms; dP = dy·Vᵀ under the mask, dS = P∘(dP − δ).
INLINE void gradients(float score, float dweight, float normaliser, float delta, float kept, float* weight,
                      float* dscore) {
    float share = expf(score - normaliser);
    *weight = share * kept;
    *dscore = share * (dweight * kept - delta);
}

// dK = dSᵀ·(s·Q) and dV = Pᵀ·dy under the mask. Tiles of 32 keys.
template <u32 D>
INLINE void backward_keys(float* shared, const Element* qkv, const Element* dy, const float* normalisers,
                          const float* delta, Element* dqkv, const u32* places, u32 total, u32 channels, u32 size,
                          float scale, u32 causal, const Mask& mask) {
    constexpr u32 R = 2, ROWS = GROUPS * R;
    float* key = shared;
    float* value = key + ROWS * (D + 4);
    float* query = value + ROWS * (D + 4);
    float* gradient = query + COLUMNS * (D + 4);
    float* weights = gradient + COLUMNS * (D + 4);
    float* dscores = weights + ROWS * WEIGHTS;
    u32 group = threadIdx.x / LANES, lane = threadIdx.x % LANES, head = blockIdx.y;
    Place place = own_place(places);
    u64 stride = 3 * u64(channels);
    qkv += u64(head) * size;
    dy += u64(head) * size;
    dqkv += u64(head) * size;

    load_tile<D, ROWS>(key, qkv + channels, stride, place.row, place.end, size, 1.0f);
    load_tile<D, ROWS>(value, qkv + 2 * channels, stride, place.row, place.end, size, 1.0f);
    float dkey[R][D / 8], dvalue[R][D / 8];
    clear<D, R>(dkey);
    clear<D, R>(dvalue);
    for (u32 first = causal ? place.row : place.start; first < place.end; first += COLUMNS) {
        __syncthreads(); // the tiles of the queries before have been read
        load_tile<D, COLUMNS>(query, qkv, stride, first, place.end, size, scale);
        load_tile<D, COLUMNS>(gradient, dy, channels, first, place.end, size, 1.0f);
        __syncthreads();
        float scores[R][4], dproducts[R][4];
        products<D, R>(scores, key, query, group, lane);
        products<D, R>(dproducts, value, gradient, group, lane);
#pragma unroll
        for (u32 j = 0; j < 4; j++) {
            u32 column = first + lane + LANES * j;
            u64 at = u64(head) * total + column;
            bool there = column < place.end;
            float normaliser = there ? normalisers[at] : 0.0f, mean = there ? delta[at] : 0.0f;
#pragma unroll
            for (u32 i = 0; i < R; i++) {
                u32 row = place.row + group + GROUPS * i;
                float weight = 0.0f, dscore = 0.0f;
                if (there && row < place.end && !(causal && row > column)) {
                    float kept = factor(mask, at * total + row);
                    gradients(scores[i][j], dproducts[i][j], normaliser, mean, kept, &weight, &dscore);
                }
                u32 to = (group + GROUPS * i) * WEIGHTS + lane + LANES * j;
                weights[to] = weight;
                dscores[to] = dscore;
            }
        }
        __syncthreads();
        accumulate<D, R>(dvalue, weights, gradient, group, lane);
        accumulate<D, R>(dkey, dscores, query, group, lane);
    }
#pragma unroll
    for (u32 i = 0; i < R; i++) {
        u32 row = place.row + group + GROUPS * i;
        if (row >= place.end) continue;
        store_row<D>(dqkv + row * stride + channels, dkey[i], lane, size, 1.0f);
        store_row<D>(dqkv + row * stride + 2 * channels, dvalue[i], lane, size, 1.0f);
    }
}

// dQ = s·dS·K. Tiles of 32 queries.
template <u32 D>
INLINE void backward_queries(float* shared, const Element* qkv, const Element* dy, const float* normalisers,
                             const float* delta, Element* dqkv, const u32* places, u32 total, u32 channels, u32 size,
                             float scale, u32 causal, const Mask& mask) {
    constexpr u32 R = 2, ROWS = GROUPS * R;
    float* query = shared;
    float* gradient = query + ROWS * (D + 4);
    float* key = gradient + ROWS * (D + 4);
    float* value = key + COLUMNS * (D + 4);
    float* dscores = value + COLUMNS * (D + 4);
    u32 group = threadIdx.x / LANES, lane = threadIdx.x % LANES, head = blockIdx.y;
    Place place = own_place(places);
    u64 stride = 3 * u64(channels);
    qkv += u64(head) * size;
    dy += u64(head) * size;
    dqkv += u64(head) * size;

    load_tile<D, ROWS>(query, qkv, stride, place.row, place.end, size, scale);
    load_tile<D, ROWS>(gradient, dy, channels, place.row, place.end, size, 1.0f);
    float normaliser[R], mean[R], dquery[R][D / 8];
    clear<D, R>(dquery);
#pragma unroll
    for (u32 i = 0; i < R; i++) {
        u32 row = place.row + group + GROUPS * i;
        u64 at = u64(head) * total + row;
        normaliser[i] = row < place.end ? normalisers[at] : 0.0f;
        mean[i] = row < place.end ? delta[at] : 0.0f;
    }
    u32 last = causal && place.row + ROWS < place.end ? place.row + ROWS : place.end;
    for (u32 first = place.start; first < last; first += COLUMNS) {
        __syncthreads(); // the tiles of the keys before have been read
        load_tile<D, COLUMNS>(key, qkv + channels, stride, first, place.end, size, 1.0f);
        load_tile<D, COLUMNS>(value, qkv + 2 * channels, stride, first, place.end, size, 1.0f);
        __syncthreads();
        float scores[R][4], dproducts[R][4];
        products<D, R>(scores, query, key, group, lane);
        products<D, R>(dproducts, gradient, value, group, lane);
#pragma unroll
        for (u32 i = 0; i < R; i++) {
            u32 row = place.row + group + GROUPS * i;
#pragma unroll
            for (u32 j = 0; j < 4; j++) {
                u32 column = first + lane + LANES * j;
                float weight = 0.0f, dscore = 0.0f;
                if (row < place.end && column < place.end && !(causal && column > row)) {
                    float kept = factor(mask, (u64(head) * total + row) * total + column);
                    gradients(scores[i][j], dproducts[i][j], normaliser[i], mean[i], kept, &weight, &dscore);
                }
                dscores[(group + GROUPS * i) * WEIGHTS + lane + LANES * j] = dscore;
            }
        }
        __syncthreads();
        accumulate<D, R>(dquery, dscores, key, group, lane);
    }
#pragma unroll
    for (u32 i = 0; i < R; i++) {
        u32 row = place.row + group + GROUPS * i;
        if (row < place.end) store_row<D>(dqkv + row * stride, dquery[i], lane, size, scale);
    }
}

#define BACKWARD(D, which)                                                                                           \
    KERNEL(attention_backward_##which##_##D)(const Element* qkv, const Element* dy, const float* normalisers,        \
                                             const float* delta, Element* dqkv, const u32* places, u32 total,        \
                                             u32 channels, u32 size, float scale, u32 causal, Mask mask) {           \
        SHARED(shared);                                                                                              \
        backward_##which<D>(shared, qkv, dy, normalisers, delta, dqkv, places, total, channels, size, scale, causal, \
                            mask);                                                                                   \
    }
#define ATTENTION(D)                                                                                                 \
    KERNEL(attention_forward_##D)(const Element* qkv, Element* y, float* normalisers, const u32* places, u32 total,  \
                                  u32 channels, u32 size, float scale, u32 causal, Mask mask) {                      \
        SHARED(shared);                                                                                              \
        forward<D>(shared, qkv, y, normalisers, places, total, channels, size, scale, causal, mask);                 \
    }                                                                                                                \
    KERNEL(attention_products_##D)(const Element* y, const Element* dy, float* delta, u32 total, u32 channels,       \
                                   u32 size) {                                                                       \
        products_with_result(y, dy, delta, total, channels, size);                                                   \
    }                                                                                                                \
    BACKWARD(D, keys)                                                                                                \
    BACKWARD(D, queries)
#define ATTENTION_OF(D) ATTENTION(D)

// A model has heads of one width: the others are not compiled with them.
#ifdef WIDTH
ATTENTION_OF(WIDTH)
#undef WIDTH
#else
ATTENTION(32)
ATTENTION(64)
ATTENTION(96)
ATTENTION(128)
#endif
