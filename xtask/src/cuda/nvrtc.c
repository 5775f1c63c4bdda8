// Compiles CUDA sources with NVRTC, which needs neither a card nor a driver: nvrtc ARCHITECTURE FILE...
// Prints what the compiler says, and fails where one does not compile.

#include <nvrtc.h>
#include <stdio.h>
#include <stdlib.h>

static char *text_of(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    char *text = calloc(length + 1, 1);
    if (!text || fread(text, 1, length, file) != (size_t)length) exit(2);
    fclose(file);
    return text;
}

int main(int count, char **arguments) {
    char option[64];
    int failed = count < 3;
    if (!failed) snprintf(option, sizeof option, "--gpu-architecture=%s", arguments[1]);
    for (int index = 2; index < count; index++) {
        const char *options[] = {option};
        nvrtcProgram program;
        size_t log = 0, code = 0;
        if (nvrtcCreateProgram(&program, text_of(arguments[index]), arguments[index], 0, NULL, NULL)) return 2;
        nvrtcResult outcome = nvrtcCompileProgram(program, 1, options);
        nvrtcGetProgramLogSize(program, &log);
        if (log > 1) {
            char *said = calloc(log + 1, 1);
            nvrtcGetProgramLog(program, said);
            fprintf(stderr, "%s\n", said);
            free(said);
        }
        if (!outcome) outcome = nvrtcGetCUBINSize(program, &code);
        if (outcome || code == 0) {
            fprintf(stderr, "%s: %s\n", arguments[index], nvrtcGetErrorString(outcome));
            failed = 1;
        }
        nvrtcDestroyProgram(&program);
    }
    return failed;
}
