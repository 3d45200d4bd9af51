#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "connections.h"

enum { EVENTS = 256, SPARE_FILES = 16 };
static const uint64_t OPEN_ALL_NS = 30000000000;

/* An arrival that found no free connection. */
typedef struct {
    uint64_t intended;
    unsigned phase;
} Arrival;

/* A ring of arrivals, the oldest first. */
static struct {
    Arrival *ring;
    size_t room, first, count;
} waiting;

static uint64_t phase_start, phase_end, next_arrival = UINT64_MAX;
static uint64_t arrivals;
static uint64_t random_state;

static const Phase *phase(void) { return &pool.options->phases[pool.phase]; }

static bool running(void) { return pool.start && pool.phase < pool.options->phase_count; }

static void wait_for_connection(uint64_t intended) {
    if (waiting.count == waiting.room) {
        size_t room = waiting.room ? waiting.room * 2 : 1024;
        Arrival *ring = malloc(room * sizeof(Arrival));
        if (!ring) fail(1, "out of memory");
        for (size_t i = 0; i < waiting.count; i++) ring[i] = waiting.ring[(waiting.first + i) % waiting.room];
        free(waiting.ring);
        waiting.ring = ring;
        waiting.room = room;
        waiting.first = 0;
    }
    waiting.ring[(waiting.first + waiting.count++) % waiting.room] = (Arrival){intended, pool.phase};
}

static Arrival take_waiting(void) {
    Arrival arrival = waiting.ring[waiting.first];
    waiting.first = (waiting.first + 1) % waiting.room;
    waiting.count--;
    return arrival;
}

static void count_intended(uint64_t intended) {
    pool.record->phases[pool.phase].intended++;
    SecondRecord *second = record_second(pool.record, intended - pool.start);
    if (second) second->intended++;
}

static void on_free(Connection *connection, uint64_t now) {
    if (waiting.count) {
        Arrival arrival = take_waiting();
        histogram_add(&pool.record->phases[arrival.phase].queued, (now - arrival.intended) / 1000);
        connection_send(connection, arrival.intended, arrival.phase, now);
    } else if (running() && phase()->rate == 0) {
        count_intended(now);
        connection_send(connection, now, pool.phase, now);
    }
}

/* splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014), 0 < value <= 1. */
static double random_unit(void) {
    uint64_t z = random_state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return ((double)((z ^ (z >> 31)) >> 11) + 1) / 9007199254740992.0;
}

static void arrive(uint64_t now) {
    while (next_arrival <= now) {
        uint64_t intended = next_arrival;
        count_intended(intended);
        histogram_add(&pool.record->phases[pool.phase].lag, (now - intended) / 1000);
        Connection *connection = pool.lists[IDLE].first;
        if (connection) connection_send(connection, intended, pool.phase, now);
        else wait_for_connection(intended);
        arrivals++;
        if (pool.options->poisson) next_arrival += (uint64_t)(-log(random_unit()) * 1e9 / phase()->rate);
        /* From the phase's start, so that rounding doesn't add up. */
        else next_arrival = phase_start + (uint64_t)((double)arrivals * 1e9 / phase()->rate);
        if (next_arrival >= phase_end) next_arrival = UINT64_MAX;
    }
}

static void tell_phase(void) {
    printf("{\"phase\":%u}\n", pool.phase);
    fflush(stdout);
}

static void begin_phase(uint64_t start) {
    phase_start = start;
    phase_end = start + (uint64_t)(phase()->seconds * 1e9);
    arrivals = 0;
    next_arrival = phase()->rate > 0 ? start : UINT64_MAX;
    if (phase()->rate > 0) return;
    uint64_t now = now_ns();
    for (Connection *connection; (connection = pool.lists[IDLE].first);) on_free(connection, now);
}

static void turn(uint64_t until) {
    struct epoll_event events[EVENTS];
    uint64_t now = now_ns();
    uint64_t left = until > now && !(pool.start && pool.options->spin) ? until - now : 0;
    struct timespec timeout = {(time_t)(left / 1000000000), (long)(left % 1000000000)};
    int count = epoll_pwait2(pool.epoll, events, EVENTS, &timeout, NULL);
    if (count < 0 && errno != EINTR) fail(1, "epoll_pwait2: %s", strerror(errno));
    for (int i = 0; i < count; i++) {
        if (next_arrival != UINT64_MAX) arrive(now_ns());
        connection_event(events[i].data.ptr, events[i].events);
    }
}

static void open_all(const Options *options) {
    uint64_t start = now_ns();
    while (pool.lists[IDLE].count < options->connections) {
        uint64_t now = now_ns();
        if (now > start + OPEN_ALL_NS)
            fail(1, "only %u of %u connections to 127.0.0.1:%d could be opened within 30 s", pool.lists[IDLE].count,
                 options->connections, options->port);
        double due = (double)(now - start) / 1e9 * options->connect_rate;
        unsigned begun = options->connections - pool.lists[CLOSED].count;
        for (; begun < due && pool.lists[CLOSED].first; begun++) connection_open(pool.lists[CLOSED].first, now);
        connections_expire(now);
        turn(now + 100000);
    }
    pool.record->connect_seconds = (double)(now_ns() - start) / 1e9;
}

static void run(void) {
    pool.start = now_ns();
    random_state = pool.options->seed;
    tell_phase();
    begin_phase(pool.start);
    for (;;) {
        uint64_t now = now_ns();
        while (running()) {
            arrive(now);
            if (now < phase_end) break;
            pool.phase++;
            next_arrival = UINT64_MAX;
            tell_phase();
            if (running()) begin_phase(phase_end);
        }
        while (waiting.count && waiting.ring[waiting.first].intended + pool.options->timeout_ns <= now) {
            Arrival arrival = take_waiting();
            record_failure(pool.record, arrival.phase, arrival.intended - pool.start, FAILED_NEVER_SENT);
        }
        uint64_t next = connections_expire(now);
        if (!running() && !waiting.count && !pool.lists[BUSY].count) return;
        if (waiting.count) {
            uint64_t late = waiting.ring[waiting.first].intended + pool.options->timeout_ns;
            if (late < next) next = late;
        }
        if (next_arrival < next) next = next_arrival;
        if (running() && phase_end < next) next = phase_end;
        turn(next);
    }
}

int main(int argc, char **argv) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_TIMERSLACK, 1);
    Options options = options_parse(argc, argv);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_max < options.connections + SPARE_FILES)
        fail(2, "--connections: got %u, but `ulimit -Hn` allows this process only %llu files", options.connections,
             (unsigned long long)files.rlim_max);
    Record record = record_create(&options);
    pool_create(&options, &record, on_free);
    open_all(&options);
    run();
    record_print(&record, &options);
    return 0;
}
