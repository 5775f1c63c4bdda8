// What the compiler for cards brings, and the emulation on the processor has in emulation.hpp.

// The shared memory of a block, as many bytes as its launch asks for.
#define SHARED(name) extern __shared__ __align__(16) float name[]

__device__ __forceinline__ float half_bits_to_float(unsigned short bits) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
}

// To the nearest, ties to even.
__device__ __forceinline__ unsigned short float_to_half_bits(float value) {
    unsigned short bits;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
    return bits;
}
