// What all kernels for cards share: elements and their conversion to f32 and back, loads and stores of four elements at
// once, sums over a warp and a block, and dropout's mask.
//
// A source is compiled once for each element type, which ELEMENT names: float, Bf16 or F16. No header of CUDA's is needed.
// Every sum is taken in an order that depends on nothing but the sizes, so that a result is the same at every run.

typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

// The first 16 bits of an f32.
struct Bf16 {
    u16 bits;
};

// IEEE's half precision.
struct F16 {
    u16 bits;
};

typedef ELEMENT Element;

#define KERNEL(name) extern "C" __global__ void name
#define INLINE __device__ __forceinline__

constexpr u32 WARP = 32;
constexpr u32 ALL_LANES = 0xffffffffu;

INLINE float infinity() { return __uint_as_float(0x7f800000u); }

INLINE float to_float(float value) { return value; }

INLINE float to_float(Bf16 value) { return __uint_as_float(u32(value.bits) << 16); }

INLINE float to_float(F16 value) { return half_bits_to_float(value.bits); }

INLINE void from_float(float value, float& out) { out = value; }

// To the nearest, ties to even; a NaN stays one.
INLINE void from_float(float value, Bf16& out) {
    u32 bits = __float_as_uint(value);
    bool is_nan = (bits & 0x7fffffffu) > 0x7f800000u;
    out.bits = u16((is_nan ? bits | 0x00400000u : bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

INLINE void from_float(float value, F16& out) { out.bits = float_to_half_bits(value); }

// Four elements that are moved at once.
template <typename E>
struct alignas(4 * sizeof(E)) Pack {
    E at[4];
};

typedef Pack<float> Four;

template <typename E>
INLINE bool is_aligned(const E* at) {
    return (u64(at) & (sizeof(Pack<E>) - 1)) == 0;
}

// The next four elements of which `count` are there; zeros after them.
template <typename E>
INLINE Four load4(const E* from, int count) {
    Four four;
    if (count >= 4 && is_aligned(from)) {
        Pack<E> pack = *reinterpret_cast<const Pack<E>*>(from);
#pragma unroll
        for (int i = 0; i < 4; i++) four.at[i] = to_float(pack.at[i]);
    } else {
#pragma unroll
        for (int i = 0; i < 4; i++) four.at[i] = i < count ? to_float(from[i]) : 0.0f;
    }
    return four;
}

// Writes the first `count` of four elements.
template <typename E>
INLINE void store4(E* to, int count, const Four& four) {
    if (count >= 4 && is_aligned(to)) {
        Pack<E> pack;
#pragma unroll
        for (int i = 0; i < 4; i++) from_float(four.at[i], pack.at[i]);
        *reinterpret_cast<Pack<E>*>(to) = pack;
    } else {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            if (i < count) from_float(four.at[i], to[i]);
        }
    }
}

// How many of the four elements from `start` on lie before `end`.
INLINE int left(u64 start, u64 end) { return start >= end ? 0 : end - start < 4 ? int(end - start) : 4; }

// The first of this thread's four elements in a kernel over single elements.
INLINE u64 own_pack() { return 4 * (u64(blockIdx.x) * blockDim.x + threadIdx.x); }

// Over groups of `width` neighbouring lanes, a power of two; every lane gets the result.
INLINE float lanes_sum(float value, u32 width) {
    for (u32 step = width / 2; step > 0; step /= 2) value += __shfl_xor_sync(ALL_LANES, value, step);
    return value;
}

INLINE float lanes_max(float value, u32 width) {
    for (u32 step = width / 2; step > 0; step /= 2) value = fmaxf(value, __shfl_xor_sync(ALL_LANES, value, step));
    return value;
}

INLINE float warp_sum(float value) { return lanes_sum(value, WARP); }

// Over a block of whole warps; every thread gets the result. `shares` has room for one value a warp.
INLINE float block_sum(float value, float* shares) {
    value = warp_sum(value);
    __syncthreads();
    if (threadIdx.x % WARP == 0) shares[threadIdx.x / WARP] = value;
    __syncthreads();
    float total = 0.0f;
    for (u32 warp = 0; warp < blockDim.x / WARP; warp++) total += shares[warp];
    return total;
}

INLINE float block_max(float value, float* shares) {
    value = lanes_max(value, WARP);
    __syncthreads();
    if (threadIdx.x % WARP == 0) shares[threadIdx.x / WARP] = value;
    __syncthreads();
    float most = shares[0];
    for (u32 warp = 1; warp < blockDim.x / WARP; warp++) most = fmaxf(most, shares[warp]);
    return most;
}

// As `Mask` in dropout.rs has it; threshold 0 drops nothing.
struct Mask {
    u32 keys[4];
    u32 threshold;
    float scale;
};

INLINE u32 low_bias(u32 x) {
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ (x >> 16);
}

// 0 or the scale, for the element of this index.
INLINE float factor(const Mask& mask, u64 index) {
    if (mask.threshold == 0) return mask.scale;
    u32 hash = low_bias(u32(index) ^ mask.keys[0]) + (u32(index >> 32) ^ mask.keys[1]);
    hash = low_bias(hash ^ mask.keys[2]) ^ mask.keys[3];
    return hash < mask.threshold ? 0.0f : mask.scale;
}
