#define _GNU_SOURCE
#include "connections.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PARTIAL_MAX = 16384, READ_SIZE = 65536 };
static const uint64_t REOPEN_NS = 10000000;
static const uint64_t CONNECT_NS = 5000000000;

Pool pool;
static char buffer[PARTIAL_MAX + READ_SIZE];

uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void move(Connection *connection, State state, uint64_t now) {
    List *from = &pool.lists[connection->state], *to = &pool.lists[state];
    if (connection->previous) connection->previous->next = connection->next;
    else if (from->first == connection) from->first = connection->next;
    if (connection->next) connection->next->previous = connection->previous;
    else if (from->last == connection) from->last = connection->previous;
    from->count--;
    connection->previous = to->last;
    connection->next = NULL;
    if (to->last) to->last->next = connection;
    else to->first = connection;
    to->last = connection;
    to->count++;
    connection->state = state;
    connection->since = now;
}

void pool_create(const Options *options, Record *record, void (*on_free)(Connection *, uint64_t)) {
    pool.options = options;
    pool.record = record;
    pool.on_free = on_free;
    pool.epoll = epoll_create1(EPOLL_CLOEXEC);
    pool.all = calloc(options->connections, sizeof(Connection));
    if (pool.epoll < 0 || !pool.all) fail(1, "can't begin: %s", strerror(errno));
    for (unsigned i = 0; i < options->connections; i++) {
        Connection *connection = &pool.all[i];
        connection->fd = -1;
        connection->previous = i ? connection - 1 : NULL;
        connection->next = i + 1 < options->connections ? connection + 1 : NULL;
    }
    pool.lists[CLOSED] = (List){pool.all, &pool.all[options->connections - 1], options->connections};
}

static PhaseRecord *phase_now(void) {
    return pool.start && pool.phase < pool.options->phase_count ? &pool.record->phases[pool.phase] : NULL;
}

static void watch(Connection *connection, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(pool.epoll, operation, connection->fd, &event) < 0) fail(1, "epoll_ctl: %s", strerror(errno));
}

static void drop(Connection *connection, uint64_t now) {
    if (connection->fd >= 0) {
        /* Without TIME_WAIT, so that many runs don't use up the ports. */
        struct linger linger = {.l_onoff = 1, .l_linger = 0};
        setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        close(connection->fd);
    }
    connection->fd = -1;
    connection->partial_length = 0;
    move(connection, CLOSED, now);
}

static void not_opened(Connection *connection, uint64_t now) {
    if (phase_now()) phase_now()->connect_failures++;
    drop(connection, now);
}

static void opened(Connection *connection, uint64_t now) {
    watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLRDHUP);
    move(connection, IDLE, now);
    pool.on_free(connection, now);
}

void connection_open(Connection *connection, uint64_t now) {
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection->fd < 0) fail(1, "can't make a socket: %s; raise `ulimit -n`", strerror(errno));
    int on = 1;
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)pool.options->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    move(connection, CONNECTING, now);
    if (phase_now()) phase_now()->reconnects++;
    if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS) {
        not_opened(connection, now);
        return;
    }
    watch(connection, EPOLL_CTL_ADD, EPOLLOUT);
}

/* The connection is gone: so is the request on it, if there is one. Another one takes its place. */
static void lost(Connection *connection, uint64_t now, Failure failure) {
    if (connection->state == BUSY)
        record_failure(pool.record, connection->phase, connection->intended - pool.start, failure);
    else if (phase_now()) phase_now()->closed_idle++;
    drop(connection, now);
    connection_open(connection, now);
}

static void send_rest(Connection *connection, uint64_t now) {
    const Request *request = connection->request;
    ssize_t sent = send(connection->fd, request->bytes + connection->sent, request->length - connection->sent, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        lost(connection, now, FAILED_RESET);
        return;
    }
    bool was_partial = connection->sent > 0 || sent < 0;
    if (sent > 0) connection->sent += (size_t)sent;
    if (connection->sent < request->length) watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLRDHUP | EPOLLOUT);
    else if (was_partial) watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLRDHUP);
}

void connection_send(Connection *connection, uint64_t intended, unsigned phase, uint64_t now) {
    connection->intended = intended;
    connection->phase = phase;
    connection->request = &pool.options->requests[pool.request];
    pool.request = (pool.request + 1) % pool.options->request_count;
    connection->sent = 0;
    memset(&connection->response, 0, sizeof connection->response);
    move(connection, BUSY, now);
    send_rest(connection, now);
}

static void answered(Connection *connection, uint64_t now) {
    record_answer(pool.record, connection->phase, pool.phase, connection->intended - pool.start,
                  now - connection->intended, &connection->response);
    if (connection->response.close) {
        drop(connection, now);
        connection_open(connection, now);
    } else {
        move(connection, IDLE, now);
        pool.on_free(connection, now);
    }
}

static void readable(Connection *connection, uint64_t now) {
    size_t kept = connection->partial_length;
    if (kept) memcpy(buffer, connection->partial, kept);
    ssize_t got = recv(connection->fd, buffer + kept, READ_SIZE, 0);
    if (got < 0 && errno == EAGAIN) return;
    Response *response = &connection->response;
    if (got <= 0) {
        bool ended = connection->state == BUSY && got == 0 && response->head_done && response->kind == BODY_UNTIL_CLOSE;
        if (ended) answered(connection, now);
        else lost(connection, now, got == 0 ? FAILED_CLOSED : FAILED_RESET);
        return;
    }
    /* What a server says unasked comes before it closes, a 408 for example. */
    if (connection->state != BUSY) {
        lost(connection, now, FAILED_MALFORMED);
        return;
    }
    size_t length = kept + (size_t)got, used;
    ReadResult result = response_read(response, buffer, length, &used, pool.options->count_header);
    size_t left = length - used;
    connection->partial_length = 0;
    if (result == READ_MALFORMED || (result == READ_DONE && left > 0)) lost(connection, now, FAILED_MALFORMED);
    else if (result == READ_DONE) answered(connection, now);
    else if (left > 0) {
        if (!connection->partial && !(connection->partial = malloc(PARTIAL_MAX))) fail(1, "out of memory");
        if (left > PARTIAL_MAX) {
            lost(connection, now, FAILED_MALFORMED);
            return;
        }
        memcpy(connection->partial, buffer + used, left);
        connection->partial_length = left;
    }
}

void connection_event(Connection *connection, uint32_t events) {
    uint64_t now = now_ns();
    if (connection->state == CLOSED) return;
    if (connection->state == CONNECTING) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error) not_opened(connection, now);
        /* Else it may be the last word of the socket that was there before. */
        else if (events & EPOLLOUT) opened(connection, now);
        return;
    }
    if ((events & EPOLLOUT) && connection->state == BUSY && connection->sent < connection->request->length) {
        int fd = connection->fd;
        send_rest(connection, now);
        if (connection->fd != fd || connection->state != BUSY) return;
    }
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) readable(connection, now);
}

uint64_t connections_expire(uint64_t now) {
    Connection *first;
    while ((first = pool.lists[BUSY].first) && first->intended + pool.options->timeout_ns <= now)
        lost(first, now, FAILED_TIMEOUT);
    while ((first = pool.lists[CONNECTING].first) && first->since + CONNECT_NS <= now) not_opened(first, now);
    /* Before the clock starts, connections are opened at a pace. */
    while (pool.start && (first = pool.lists[CLOSED].first) && first->since + REOPEN_NS <= now)
        connection_open(first, now);
    uint64_t next = UINT64_MAX;
    if ((first = pool.lists[BUSY].first)) next = first->intended + pool.options->timeout_ns;
    if ((first = pool.lists[CONNECTING].first) && first->since + CONNECT_NS < next) next = first->since + CONNECT_NS;
    if (pool.start && (first = pool.lists[CLOSED].first) && first->since + REOPEN_NS < next)
        next = first->since + REOPEN_NS;
    return next;
}
