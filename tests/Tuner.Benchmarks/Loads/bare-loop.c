// The least that a closed loop over TCP can do: send, wait for readiness, receive; no parser, no clock but for the end,
// no histogram. What it costs is the kernel's, which every generator pays; a yardstick, not a tool.
//   bare-loop PORT CONNECTIONS SECONDS
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static void check(int good, const char *what) {
  if (!good) {
    perror(what);
    exit(1);
  }
}

int main(int count, char **words) {
  check(count == 4, "usage: bare-loop PORT CONNECTIONS SECONDS");
  int connections = atoi(words[2]), poll = epoll_create1(0), yes = 1;
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (int i = 0; i < connections; i++) {
    int socket_ = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(socket_, IPPROTO_TCP, TCP_CONGESTION, "reno", 4);
    check(connect(socket_, (struct sockaddr *)&server, sizeof server) == 0, "connect");
    struct epoll_event interest = {.events = EPOLLIN, .data.fd = socket_};
    epoll_ctl(poll, EPOLL_CTL_ADD, socket_, &interest);
    check(send(socket_, request, sizeof request - 1, MSG_NOSIGNAL) > 0, "send");
  }

  static char answer[65536];
  struct epoll_event ready[64];
  long answers = 0;
  for (double end = now() + atof(words[3]); now() < end;) {
    int some = epoll_wait(poll, ready, 64, 1000);
    for (int i = 0; i < some; i++, answers++) {
      check(recv(ready[i].data.fd, answer, sizeof answer, 0) > 0, "recv");
      check(send(ready[i].data.fd, request, sizeof request - 1, MSG_NOSIGNAL) > 0, "send");
    }
  }

  printf("%ld answers\n", answers);
  return 0;
}
