#ifndef RECORD_H
#define RECORD_H

#include "histogram.h"
#include "options.h"
#include "response.h"

/* What a request came to where no answer came. */
typedef enum { FAILED_TIMEOUT, FAILED_NEVER_SENT, FAILED_CLOSED, FAILED_RESET, FAILED_MALFORMED, FAILURES } Failure;

enum { COUNTED_VALUES = 16 };

/* Requests belong to the phase in which they were meant to start, whenever their answer comes. */
typedef struct {
    uint64_t intended;
    /* 2xx answers that came while the phase lasted, whichever phase asked. */
    uint64_t completed;
    Histogram accepted, refused;
    /* How late the generator itself came to each arrival; whether a connection was free is another matter. */
    Histogram lag;
    /* How long arrivals that found no free connection waited for one. */
    Histogram queued;
    uint64_t statuses[600];
    uint64_t retry_after;
    uint64_t failures[FAILURES];
    /* While the phase lasted: connections opened anew, closed by the server with no request on them, not opened. */
    uint64_t reconnects, closed_idle, connect_failures;
    char counted_values[COUNTED_VALUES][32];
    uint64_t counted[COUNTED_VALUES];
} PhaseRecord;

/* Requests that were meant to start in one second of the clock. */
typedef struct {
    uint64_t intended, failed;
    Histogram accepted;
    Histogram refused;
} SecondRecord;

typedef struct {
    PhaseRecord *phases;
    unsigned phase_count;
    /* NULL unless --series. */
    SecondRecord *seconds;
    unsigned second_count;
    double connect_seconds;
} Record;

Record record_create(const Options *options);
SecondRecord *record_second(Record *record, uint64_t since_start_ns);
/* `now_phase` is the phase in which the answer came; past the last one while answers are waited for. */
void record_answer(Record *record, unsigned phase, unsigned now_phase, uint64_t intended_ns, uint64_t latency_ns,
                   const Response *response);
void record_failure(Record *record, unsigned phase, uint64_t intended_ns, Failure failure);
/* The result, one line of JSON. Times in milliseconds. */
void record_print(const Record *record, const Options *options);

#endif
