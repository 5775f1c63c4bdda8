// Runs a kernel for cards on the processor, for tests: the threads of a block are fibers that take turns wherever the
// kernel waits for others, always in the same order (or always in the opposite one), a warp as far as it comes before the
// next. That shows waits that are missing. The blocks follow each other. Shared memory holds NaN before each block.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <tuple>
#include <ucontext.h>
#include <utility>
#include <vector>

#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static
#define SHARED(name) float* name = emulation::shared_memory()

struct Index {
    unsigned x, y, z;
};

static Index threadIdx, blockIdx, blockDim, gridDim;

namespace emulation {

enum State { READY, AT_BARRIER, AT_WARP, DONE };

struct Fiber {
    ucontext_t context;
    std::unique_ptr<char[]> stack;
    State state;
    unsigned value;
    unsigned operation;
};

static constexpr unsigned LANES = 32;
static constexpr size_t STACK = 128 << 10;

static std::vector<Fiber> fibers;
static std::vector<unsigned> exchanged; // by thread, what its warp exchanged last
static std::vector<char> memory;
static ucontext_t scheduler;
static unsigned current;
static std::function<void()> work;

static float* shared_memory() {
    size_t at = (reinterpret_cast<size_t>(memory.data()) + 15) / 16 * 16;
    return reinterpret_cast<float*>(at);
}

static void wait(State state) {
    fibers[current].state = state;
    swapcontext(&fibers[current].context, &scheduler);
}

static void enter() {
    work();
    fibers[current].state = DONE;
    swapcontext(&fibers[current].context, &scheduler);
}

// Exchanges 32 bits with the warp; every lane has to come.
static void exchange(unsigned mask, unsigned value, unsigned operation) {
    if (mask != 0xffffffffu) {
        fprintf(stderr, "emulation: only whole warps are known\n");
        abort();
    }
    fibers[current].value = value;
    fibers[current].operation = operation;
    wait(AT_WARP);
}

// Runs each lane of a warp to where it waits. Whether all came to the same exchange, and can go on.
static bool run_warp(unsigned first, bool backwards) {
    for (unsigned turn = 0; turn < LANES; turn++) {
        current = first + (backwards ? LANES - 1 - turn : turn);
        if (fibers[current].state != READY) continue;
        threadIdx = {current, 0, 0};
        swapcontext(&scheduler, &fibers[current].context);
    }
    for (unsigned thread = first; thread < first + LANES; thread++) {
        if (fibers[thread].state != AT_WARP || fibers[thread].operation != fibers[first].operation) return false;
    }
    for (unsigned thread = first; thread < first + LANES; thread++) {
        exchanged[thread] = fibers[thread].value;
        fibers[thread].state = READY;
    }
    return true;
}

// Each warp runs as far as it comes before the next one starts: what it does too early is seen.
static const char* run_block(unsigned threads, bool backwards) {
    for (unsigned thread = 0; thread < threads; thread++) {
        Fiber& fiber = fibers[thread];
        if (!fiber.stack) fiber.stack.reset(new char[STACK]);
        fiber.state = READY;
        getcontext(&fiber.context);
        fiber.context.uc_stack.ss_sp = fiber.stack.get();
        fiber.context.uc_stack.ss_size = STACK;
        fiber.context.uc_link = nullptr;
        makecontext(&fiber.context, enter, 0);
    }
    for (;;) {
        unsigned done = 0, waiting = 0;
        for (unsigned turn = 0; turn < threads; turn += LANES) {
            unsigned first = backwards ? threads - LANES - turn : turn;
            while (run_warp(first, backwards)) continue;
            for (unsigned lane = 0; lane < LANES; lane++) {
                done += fibers[first + lane].state == DONE;
                waiting += fibers[first + lane].state == AT_BARRIER;
            }
        }
        if (done == threads) return nullptr;
        if (waiting != threads) return "threads wait for others that do not come";
        for (unsigned thread = 0; thread < threads; thread++) fibers[thread].state = READY;
    }
}

// `shape`: blocks in x and y, threads of a block, bytes of shared memory, whether the threads take turns backwards.
static const char* run(std::function<void()> kernel, const unsigned* shape) {
    unsigned threads = shape[2];
    if (threads == 0 || threads > 1024 || threads % LANES != 0) return "a block has up to 1,024 threads in whole warps";
    work = std::move(kernel);
    if (fibers.size() < threads) fibers.resize(1024);
    exchanged.assign(threads, 0);
    gridDim = {shape[0], shape[1], 1};
    blockDim = {threads, 1, 1};
    memory.resize(shape[3] + 16 + 256);
    for (unsigned y = 0; y < shape[1]; y++) {
        for (unsigned x = 0; x < shape[0]; x++) {
            blockIdx = {x, y, 0};
            memset(memory.data(), 0xff, memory.size()); // NaN in every format
            if (const char* wrong = run_block(threads, shape[4])) return wrong;
            const char* end = reinterpret_cast<char*>(shared_memory()) + shape[3];
            for (int guard = 0; guard < 128; guard++) {
                if (end[guard] != char(0xff)) return "written behind the shared memory";
            }
        }
    }
    return nullptr;
}

template <typename... A, size_t... I>
void spread(void (*kernel)(A...), void** arguments, std::index_sequence<I...>) {
    kernel(*static_cast<std::remove_const_t<A>*>(arguments[I])...);
}

template <typename... A>
const char* launch(void (*kernel)(A...), void** arguments, size_t count, const unsigned* shape) {
    if (count != sizeof...(A)) return "the number of arguments is not that of the kernel's parameters";
    return run([=] { spread(kernel, arguments, std::index_sequence_for<A...>()); }, shape);
}

// What each parameter is, a letter for each: p pointer, u 32 bits, f float, U 64 bits, m a mask.
template <typename A>
constexpr char letter() {
    if (std::is_pointer_v<A>) return 'p';
    if (std::is_same_v<A, float>) return 'f';
    if (std::is_same_v<A, unsigned>) return 'u';
    if (std::is_same_v<A, unsigned long long>) return 'U';
    return 'm';
}

template <typename... A>
const char* letters(void (*)(A...)) {
    static const char all[] = {letter<A>()..., 0};
    return all;
}

} // namespace emulation

#define ENTRY(name)                                                                                                  \
    extern "C" __attribute__((visibility("default"))) const char* launch_##name(void** arguments, size_t count,      \
                                                                                const unsigned* shape) {             \
        return emulation::launch(name, arguments, count, shape);                                                     \
    }                                                                                                                \
    extern "C" __attribute__((visibility("default"))) const char* letters_##name() { return emulation::letters(name); }

static void __syncthreads() { emulation::wait(emulation::AT_BARRIER); }

static float __uint_as_float(unsigned bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static unsigned __float_as_uint(float value) {
    unsigned bits;
    memcpy(&bits, &value, 4);
    return bits;
}

// Rounded, and not contracted with a sum.
static float __fmul_rn(float a, float b) {
    volatile float product = a * b;
    return product;
}

static float __shfl_xor_sync(unsigned mask, float value, unsigned step) {
    emulation::exchange(mask, __float_as_uint(value), 1 + step);
    return __uint_as_float(emulation::exchanged[threadIdx.x ^ step]);
}

static unsigned __ballot_sync(unsigned mask, bool vote) {
    emulation::exchange(mask, vote, 64);
    unsigned bits = 0;
    for (unsigned lane = 0; lane < emulation::LANES; lane++) {
        bits |= emulation::exchanged[threadIdx.x / emulation::LANES * emulation::LANES + lane] << lane;
    }
    return bits;
}

static int __ffs(int bits) { return __builtin_ffs(bits); }

static float half_bits_to_float(unsigned short bits) {
    unsigned sign = unsigned(bits & 0x8000) << 16, exponent = (bits >> 10) & 31, fraction = bits & 0x3ff;
    float size = exponent == 0    ? std::ldexp(float(fraction), -24)
                 : exponent == 31 ? (fraction ? NAN : INFINITY)
                                  : std::ldexp(float(fraction | 0x400), int(exponent) - 25);
    return __uint_as_float(__float_as_uint(size) | sign);
}

static unsigned short float_to_half_bits(float value) {
    unsigned short sign = (__float_as_uint(value) >> 16) & 0x8000;
    double size = std::fabs(double(value));
    if (std::isnan(value)) return sign | 0x7fff;
    if (size >= 65520.0) return sign | 0x7c00; // rounds to infinity
    int exponent = std::max(size == 0.0 ? -14 : std::ilogb(size), -14);
    // In units of the last bit; the processor rounds to the nearest, ties to even. A carry goes into the exponent.
    unsigned units = unsigned(std::nearbyint(std::ldexp(size, 10 - exponent)));
    return sign | (units < 0x400 ? units : unsigned((exponent + 15) << 10) + units - 0x400);
}
