#include "worker.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void bail_if(int condition, const char *what) {
  if (condition) Rf_errorcall(R_NilValue, "Cannot %s: %s", what, strerror(errno));
}

int read_fully(int fd, void *buffer, size_t length) {
  char *at = buffer;
  while (length > 0) {
    ssize_t n = read(fd, at, length);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return -1;
    at += n;
    length -= (size_t)n;
  }
  return 0;
}

int write_fully(int fd, const void *buffer, size_t length) {
  const char *at = buffer;
  while (length > 0) {
    ssize_t n = write(fd, at, length);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    at += n;
    length -= (size_t)n;
  }
  return 0;
}
