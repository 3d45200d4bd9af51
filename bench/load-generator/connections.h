#ifndef CONNECTIONS_H
#define CONNECTIONS_H

#include "record.h"

/* A connection is in the list of its state. */
typedef enum { CLOSED, CONNECTING, IDLE, BUSY, STATES } State;

typedef struct Connection {
    int fd;
    State state;
    /* When it came into its state, nanoseconds. */
    uint64_t since;
    /* Of the request under way. */
    uint64_t intended;
    unsigned phase;
    const Request *request;
    size_t sent;
    Response response;
    /* The part of a head that has come so far. */
    char *partial;
    size_t partial_length;
    struct Connection *previous, *next;
} Connection;

typedef struct {
    Connection *first, *last;
    unsigned count;
} List;

typedef struct {
    const Options *options;
    Record *record;
    int epoll;
    Connection *all;
    List lists[STATES];
    /* The next request of the file. */
    size_t request;
    /* When the clock started; 0 before that. */
    uint64_t start;
    /* The phase that lasts; past the last one while answers are waited for. */
    unsigned phase;
    /* Called when a connection is free to send. */
    void (*on_free)(Connection *connection, uint64_t now);
} Pool;

extern Pool pool;

uint64_t now_ns(void);
void pool_create(const Options *options, Record *record, void (*on_free)(Connection *, uint64_t));
void connection_open(Connection *connection, uint64_t now);
/* Sends the next request of the file on an idle connection. */
void connection_send(Connection *connection, uint64_t intended, unsigned phase, uint64_t now);
/* Takes what epoll says of it. */
void connection_event(Connection *connection, uint32_t events);
/* Fails requests that are late, and opens anew what could not be opened. Returns when to call it next. */
uint64_t connections_expire(uint64_t now);

#endif
