#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stretch of the load. */
typedef struct {
    /* Arrivals a second; 0 is a closed loop, in which each connection asks again as soon as it has its answer. */
    double rate;
    double seconds;
} Phase;

/* A ready-made request. */
typedef struct {
    const char *bytes;
    size_t length;
} Request;

typedef struct {
    int port;
    unsigned connections;
    /* Connections opened a second before the clock starts. */
    double connect_rate;
    Phase *phases;
    unsigned phase_count;
    Request *requests;
    size_t request_count;
    /* From the intended start. */
    uint64_t timeout_ns;
    bool poisson;
    uint64_t seed;
    bool series;
    /* Never sleep while the load runs. */
    bool spin;
    /* Lower-case name of a response header whose values are counted, or NULL. */
    const char *count_header;
} Options;

/* Ends the program with status 2 and one line when an option is wrong. */
Options options_parse(int argc, char **argv);

/* Ends the program with one line on standard error. */
_Noreturn void fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
