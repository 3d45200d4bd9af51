/*
 * no-op-server <port> <response file>: answers every request on 127.0.0.1 by the same bytes, to show what the load
 * generator could do if no server held it up. A request is taken to end with its head and to come in one piece, as the
 * generator's do.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 256, BACKLOG = 4096 };

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "no-op-server: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void watch(int epoll, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

int main(int argc, char **argv) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    static char response[65536], request[65536];
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (!file) fail("usage: no-op-server <port> <response file>");
    size_t length = fread(response, 1, sizeof response, file);
    fclose(file);

    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, BACKLOG) < 0) fail("listen");
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(epoll, listener);
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
                if (connection < 0) continue;
                setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                watch(epoll, connection);
            } else if (recv(fd, request, sizeof request, 0) <= 0 ||
                       send(fd, response, length, MSG_NOSIGNAL) != (ssize_t)length) {
                close(fd);
            }
        }
    }
}
