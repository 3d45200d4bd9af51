#define _GNU_SOURCE
#include "response.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEAD_MAX = 16384 };

static bool read_header(Response *response, const char *line, size_t length, const char *counted_header) {
    const char *colon = memchr(line, ':', length);
    if (!colon) return false;
    size_t name = (size_t)(colon - line);
    const char *value = colon + 1, *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t')) value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t')) end--;
    size_t size = (size_t)(end - value);
#define NAMED(text) (name == sizeof(text) - 1 && strncasecmp(line, text, name) == 0)
    if (NAMED("content-length")) {
        if (size == 0 || size > 15) return false;
        response->left = 0;
        for (; value < end; value++) {
            if (!isdigit((unsigned char)*value)) return false;
            response->left = response->left * 10 + (size_t)(*value - '0');
        }
        if (response->kind != BODY_CHUNKED) response->kind = BODY_LENGTH;
    } else if (NAMED("transfer-encoding")) {
        if (size != 7 || strncasecmp(value, "chunked", 7) != 0) return false;
        response->kind = BODY_CHUNKED;
    } else if (NAMED("connection")) {
        response->close = size == 5 && strncasecmp(value, "close", 5) == 0;
    } else if (NAMED("retry-after")) {
        response->retry_after = true;
    } else if (counted_header && name == strlen(counted_header) && strncasecmp(line, counted_header, name) == 0) {
        snprintf(response->counted, sizeof response->counted, "%.*s", (int)size, value);
    }
#undef NAMED
    return true;
}

/* `head` ends with the empty line. */
static bool read_head(Response *response, const char *head, size_t length, const char *counted_header) {
    if (length < 15 || strncmp(head, "HTTP/1.", 7) != 0 || head[8] != ' ') return false;
    for (int i = 9; i < 12; i++)
        if (!isdigit((unsigned char)head[i])) return false;
    response->status = atoi(head + 9);
    response->close = head[7] == '0';
    response->kind = BODY_UNTIL_CLOSE;
    const char *line = memmem(head, length, "\r\n", 2);
    const char *last = head + length - 2;
    for (line += 2; line < last;) {
        const char *end = memmem(line, (size_t)(last + 2 - line), "\r\n", 2);
        if (!read_header(response, line, (size_t)(end - line), counted_header)) return false;
        line = end + 2;
    }
    if (response->status == 204 || response->status == 304) {
        response->kind = BODY_LENGTH;
        response->left = 0;
    }
    if (response->kind == BODY_CHUNKED) response->left = 0;
    if (response->kind == BODY_UNTIL_CLOSE) response->close = true;
    response->head_done = true;
    return true;
}

static ReadResult read_chunks(Response *response, const char *bytes, size_t length, size_t *used) {
    size_t at = *used;
    ReadResult result = READ_MORE;
    while (at < length && result == READ_MORE) {
        char byte = bytes[at];
        switch (response->chunk) {
        case CHUNK_SIZE:
            if (isxdigit((unsigned char)byte)) {
                if (response->left > (1UL << 40)) return READ_MALFORMED;
                unsigned digit = isdigit((unsigned char)byte) ? (unsigned)(byte - '0')
                                                              : (unsigned)(tolower((unsigned char)byte) - 'a' + 10);
                response->left = response->left * 16 + digit;
                response->chunk_digits = true;
                at++;
                break;
            }
            if (!response->chunk_digits || (byte != ';' && byte != '\r')) return READ_MALFORMED;
            response->chunk_digits = false;
            response->chunk = CHUNK_EXTENSION;
            break;
        case CHUNK_EXTENSION:
            at++;
            if (byte == '\n') response->chunk = response->left > 0 ? CHUNK_DATA : CHUNK_TRAILER;
            break;
        case CHUNK_DATA: {
            size_t take = length - at < response->left ? length - at : response->left;
            at += take;
            response->left -= take;
            if (response->left == 0) response->chunk = CHUNK_DATA_END;
            break;
        }
        case CHUNK_DATA_END:
            at++;
            if (byte == '\n') response->chunk = CHUNK_SIZE;
            else if (byte != '\r') return READ_MALFORMED;
            break;
        case CHUNK_TRAILER:
            at++;
            if (byte == '\n') {
                if (!response->trailer_line) result = READ_DONE;
                response->trailer_line = false;
            } else if (byte != '\r') {
                response->trailer_line = true;
            }
            break;
        }
    }
    *used = at;
    return result;
}

ReadResult response_read(Response *response, const char *bytes, size_t length, size_t *used,
                         const char *counted_header) {
    *used = 0;
    while (!response->head_done) {
        const char *end = memmem(bytes + *used, length - *used, "\r\n\r\n", 4);
        if (!end) return length - *used > HEAD_MAX ? READ_MALFORMED : READ_MORE;
        size_t size = (size_t)(end + 4 - (bytes + *used));
        if (!read_head(response, bytes + *used, size, counted_header)) return READ_MALFORMED;
        *used += size;
        /* 100 Continue and 103 Early Hints announce the response, which is still to come. */
        if (response->status < 200) memset(response, 0, sizeof *response);
    }
    if (response->kind == BODY_CHUNKED) return read_chunks(response, bytes, length, used);
    if (response->kind == BODY_UNTIL_CLOSE) {
        *used = length;
        return READ_MORE;
    }
    size_t take = length - *used < response->left ? length - *used : response->left;
    *used += take;
    response->left -= take;
    return response->left == 0 ? READ_DONE : READ_MORE;
}
