#define _GNU_SOURCE
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char USAGE[] =
    "load-generator --port <port> --requests <file> --phases <rate,seconds[;rate,seconds…]> [--connections 1]\n"
    "  [--connect-rate 4000] [--timeout-ms 10000] [--poisson <seed>] [--count-header <name>] [--series]\n"
    "  [--spin]\n"
    "\n"
    "Sends HTTP/1.1 requests to 127.0.0.1 over keep-alive connections and prints JSON lines: one as each phase begins,\n"
    "one as the last ends, then the result. A rate is arrivals a second, evenly spaced unless --poisson, which never wait\n"
    "for answers; the rate `closed` lets each connection ask again as soon as it has its answer. Latency counts from the\n"
    "intended start. The file holds requests one after another, taken in turn; no HEAD.\n";

void fail(int status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("load-generator: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(status);
}

static double number(const char *name, const char *text, double min, double max) {
    char *end;
    double value = strtod(text, &end);
    if (*text == '\0' || *end != '\0' || !(value >= min && value <= max))
        fail(2, "%s: got \"%s\"; allowed is a number from %g to %g", name, text, min, max);
    return value;
}

static void parse_phases(Options *options, char *text) {
    for (char *rest = NULL, *part = strtok_r(text, ";", &rest); part; part = strtok_r(NULL, ";", &rest)) {
        char *comma = strchr(part, ',');
        if (!comma) fail(2, "--phases: got \"%s\"; a phase is rate,seconds, for example 8000,10 or closed,10", part);
        *comma = '\0';
        options->phases = realloc(options->phases, (options->phase_count + 1) * sizeof(Phase));
        if (!options->phases) fail(1, "out of memory");
        options->phases[options->phase_count++] = (Phase){
            .rate = strcmp(part, "closed") == 0 ? 0 : number("--phases", part, 0.01, 1e6),
            .seconds = number("--phases", comma + 1, 0.01, 86400),
        };
    }
}

static size_t body_length(const char *head, size_t length) {
    static const char NAME[] = "\r\ncontent-length:";
    for (const char *at = head; at + sizeof NAME - 1 <= head + length; at++)
        if (strncasecmp(at, NAME, sizeof NAME - 1) == 0) return strtoul(at + sizeof NAME - 1, NULL, 10);
    return 0;
}

static void read_requests(Options *options, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail(2, "--requests: can't read %s: %s", path, strerror(errno));
    char *bytes = NULL;
    size_t size = 0, room = 0, got;
    do {
        if (size == room && !(bytes = realloc(bytes, room = room * 2 + 65536))) fail(1, "out of memory");
        size += got = fread(bytes + size, 1, room - size, file);
    } while (got > 0);
    fclose(file);
    for (size_t at = 0; at < size;) {
        const char *end = memmem(bytes + at, size - at, "\r\n\r\n", 4);
        if (!end) fail(2, "--requests: %s: request %zu has no empty line after its head", path, options->request_count + 1);
        size_t head = (size_t)(end + 4 - (bytes + at));
        size_t length = head + body_length(bytes + at, head);
        if (length > size - at) fail(2, "--requests: %s: request %zu ends before its body does", path, options->request_count + 1);
        options->requests = realloc(options->requests, (options->request_count + 1) * sizeof(Request));
        if (!options->requests) fail(1, "out of memory");
        options->requests[options->request_count++] = (Request){bytes + at, length};
        at += length;
    }
    if (options->request_count == 0) fail(2, "--requests: %s is empty", path);
}

Options options_parse(int argc, char **argv) {
    Options options = {.connections = 1, .connect_rate = 4000, .timeout_ns = 10000000000};
    static const struct option NAMES[] = {
        {"port", required_argument, NULL, 'p'},         {"connections", required_argument, NULL, 'c'},
        {"connect-rate", required_argument, NULL, 'r'}, {"phases", required_argument, NULL, 'l'},
        {"requests", required_argument, NULL, 'f'},     {"timeout-ms", required_argument, NULL, 't'},
        {"poisson", required_argument, NULL, 'd'},      {"count-header", required_argument, NULL, 'h'},
        {"series", no_argument, NULL, 's'},             {"spin", no_argument, NULL, 'S'},
        {"help", no_argument, NULL, '?'},
        {0},
    };
    for (int option; (option = getopt_long(argc, argv, "", NAMES, NULL)) != -1;) {
        switch (option) {
        case 'p': options.port = (int)number("--port", optarg, 1, 65535); break;
        case 'c': options.connections = (unsigned)number("--connections", optarg, 1, 100000); break;
        case 'r': options.connect_rate = number("--connect-rate", optarg, 1, 1e6); break;
        case 'l': parse_phases(&options, optarg); break;
        case 'f': read_requests(&options, optarg); break;
        case 't': options.timeout_ns = (uint64_t)(number("--timeout-ms", optarg, 1, 3.6e6) * 1e6); break;
        case 'd':
            options.poisson = true;
            options.seed = (uint64_t)number("--poisson", optarg, 0, 4294967295.0);
            break;
        case 'h':
            for (char *letter = optarg; *letter; letter++) *letter = (char)tolower((unsigned char)*letter);
            options.count_header = optarg;
            break;
        case 's': options.series = true; break;
        case 'S': options.spin = true; break;
        default: fputs(USAGE, stderr); exit(2);
        }
    }
    if (optind < argc) fail(2, "got \"%s\"; everything is an option, see --help", argv[optind]);
    if (!options.port) fail(2, "--port is missing");
    if (!options.phase_count) fail(2, "--phases is missing");
    if (!options.request_count) fail(2, "--requests is missing");
    return options;
}
