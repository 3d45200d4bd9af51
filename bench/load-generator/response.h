#ifndef RESPONSE_H
#define RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

/* How the end of a body is known. */
typedef enum { BODY_LENGTH, BODY_CHUNKED, BODY_UNTIL_CLOSE } BodyKind;

typedef enum { CHUNK_SIZE, CHUNK_EXTENSION, CHUNK_DATA, CHUNK_DATA_END, CHUNK_TRAILER } ChunkState;

/* An HTTP/1.1 response that is being read. All zero before its first byte. */
typedef struct {
    bool head_done;
    int status;
    bool close;
    bool retry_after;
    BodyKind kind;
    /* Bytes of the body, or of the chunk, that are still to come. */
    size_t left;
    ChunkState chunk;
    bool chunk_digits;
    bool trailer_line;
    /* The value of the header that is counted, if there is one. */
    char counted[32];
} Response;

typedef enum { READ_MORE, READ_DONE, READ_MALFORMED } ReadResult;

/*
 * Reads on. Sets `used` to the bytes taken; a head is taken whole or not at all, so that the caller keeps a part of one
 * and offers it again with what follows. `counted_header` is the lower-case name of a header to keep, or NULL.
 */
ReadResult response_read(Response *response, const char *bytes, size_t length, size_t *used,
                         const char *counted_header);

#endif
