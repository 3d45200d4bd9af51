#include "record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Record record_create(const Options *options) {
    Record record = {0};
    record.phases = calloc(options->phase_count, sizeof(PhaseRecord));
    record.phase_count = options->phase_count;
    double seconds = 0;
    for (unsigned i = 0; i < options->phase_count; i++) seconds += options->phases[i].seconds;
    record.second_count = (unsigned)seconds + 1;
    /* Pages of seconds that never come are never touched. */
    if (options->series) record.seconds = calloc(record.second_count, sizeof(SecondRecord));
    if (!record.phases || (options->series && !record.seconds)) fail(1, "out of memory");
    return record;
}

SecondRecord *record_second(Record *record, uint64_t since_start_ns) {
    uint64_t second = since_start_ns / 1000000000;
    if (!record->seconds || second >= record->second_count) return NULL;
    return &record->seconds[second];
}

static void count_value(PhaseRecord *phase, const char *value) {
    for (unsigned i = 0; i < COUNTED_VALUES; i++) {
        if (phase->counted[i] == 0) snprintf(phase->counted_values[i], sizeof phase->counted_values[i], "%s", value);
        if (strcmp(phase->counted_values[i], value) == 0) {
            phase->counted[i]++;
            return;
        }
    }
}

void record_answer(Record *record, unsigned phase_index, unsigned now_phase, uint64_t intended_ns, uint64_t latency_ns,
                   const Response *response) {
    PhaseRecord *phase = &record->phases[phase_index];
    SecondRecord *second = record_second(record, intended_ns);
    int status = response->status < 600 ? response->status : 599;
    phase->statuses[status]++;
    if (response->counted[0]) count_value(phase, response->counted);
    if (status >= 200 && status < 300) {
        if (now_phase < record->phase_count) record->phases[now_phase].completed++;
        histogram_add(&phase->accepted, latency_ns / 1000);
        if (second) histogram_add(&second->accepted, latency_ns / 1000);
    } else if (status == 429 || status == 503) {
        if (response->retry_after) phase->retry_after++;
        histogram_add(&phase->refused, latency_ns / 1000);
        if (second) histogram_add(&second->refused, latency_ns / 1000);
    } else if (second) {
        second->failed++;
    }
}

void record_failure(Record *record, unsigned phase, uint64_t intended_ns, Failure failure) {
    record->phases[phase].failures[failure]++;
    SecondRecord *second = record_second(record, intended_ns);
    if (second) second->failed++;
}

static double ms(uint64_t microseconds) { return (double)microseconds / 1000; }

static void print_histogram(const char *name, const Histogram *of) {
    double mean = of->count ? (double)of->sum / (double)of->count / 1000 : 0;
    printf("\"%s\":{\"count\":%" PRIu64 ",\"mean\":%.3f,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f}",
           name, of->count, mean, ms(histogram_quantile(of, 0.5)), ms(histogram_quantile(of, 0.9)),
           ms(histogram_quantile(of, 0.99)), ms(histogram_quantile(of, 0.999)), ms(of->max));
}

static void print_phase(const PhaseRecord *phase, const Phase *spec) {
    if (spec->rate > 0) printf("{\"rate\":%g", spec->rate);
    else printf("{\"rate\":\"closed\"");
    printf(",\"seconds\":%g,\"intended\":%" PRIu64 ",\"completed\":%" PRIu64 ",", spec->seconds, phase->intended,
           phase->completed);
    print_histogram("accepted", &phase->accepted);
    putchar(',');
    print_histogram("refused", &phase->refused);
    putchar(',');
    print_histogram("lag", &phase->lag);
    putchar(',');
    print_histogram("queued", &phase->queued);
    printf(",\"statuses\":{");
    const char *comma = "";
    for (int status = 0; status < 600; status++) {
        if (!phase->statuses[status]) continue;
        printf("%s\"%d\":%" PRIu64, comma, status, phase->statuses[status]);
        comma = ",";
    }
    printf("},\"retryAfter\":%" PRIu64 ",\"failures\":{\"timeout\":%" PRIu64 ",\"neverSent\":%" PRIu64
           ",\"closed\":%" PRIu64 ",\"reset\":%" PRIu64 ",\"malformed\":%" PRIu64 "}",
           phase->retry_after, phase->failures[FAILED_TIMEOUT], phase->failures[FAILED_NEVER_SENT],
           phase->failures[FAILED_CLOSED], phase->failures[FAILED_RESET], phase->failures[FAILED_MALFORMED]);
    printf(",\"reconnects\":%" PRIu64 ",\"closedIdle\":%" PRIu64 ",\"connectFailures\":%" PRIu64 ",\"header\":{",
           phase->reconnects, phase->closed_idle, phase->connect_failures);
    for (unsigned i = 0; i < COUNTED_VALUES && phase->counted[i]; i++) {
        printf("%s\"", i ? "," : "");
        for (const char *byte = phase->counted_values[i]; *byte; byte++)
            putchar(*byte < ' ' || *byte == '"' || *byte == '\\' || *byte > '~' ? '?' : *byte);
        printf("\":%" PRIu64, phase->counted[i]);
    }
    printf("}}");
}

void record_print(const Record *record, const Options *options) {
    printf("{\"connections\":%u,\"connectSeconds\":%.3f,\"phases\":[", options->connections, record->connect_seconds);
    for (unsigned i = 0; i < options->phase_count; i++) {
        if (i) putchar(',');
        print_phase(&record->phases[i], &options->phases[i]);
    }
    printf("],\"series\":[");
    const char *comma = "";
    for (unsigned i = 0; record->seconds && i < record->second_count; i++) {
        const SecondRecord *second = &record->seconds[i];
        if (!second->intended) continue;
        printf("%s{\"second\":%u,\"intended\":%" PRIu64 ",\"failed\":%" PRIu64 ",", comma, i, second->intended,
               second->failed);
        comma = ",";
        print_histogram("accepted", &second->accepted);
        putchar(',');
        print_histogram("refused", &second->refused);
        putchar('}');
    }
    printf("]}\n");
}
