#ifndef OCPU_WORKER_H
#define OCPU_WORKER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#define R_NO_REMAP
#include <Rinternals.h>

/* Stops with an R error that names what failed and errno's text. */
void bail_if(int condition, const char *what);

/* frames.c: whole reads and writes; 0 on success, -1 on end of file or error. */
int read_fully(int fd, void *buffer, size_t length);
int write_fully(int fd, const void *buffer, size_t length);

/* children.c: what an engine knows of its workers. */
typedef enum {
  IDLE,     /* waits for a connection */
  ACCEPTED, /* reads a request */
  RUNNING,  /* answers it */
  LOADING,  /* loads a package, to become its engine */
  PROMOTED  /* is an engine */
} worker_state;

#define MAX_WORKERS 1024

typedef struct {
  pid_t pid;
  worker_state state;
  int64_t deadline; /* CLOCK_MONOTONIC milliseconds; 0 without one */
  int timed_out;
  int64_t uid; /* the user it has for itself; 0 without */
} worker_slot;

/* heap.c: leaves the heap so that a forked child that allocates copies few pages; and makes ready to do that again. */
void tidy_heap(void);
void untidy_heap(void);
SEXP ocpu_untidy(void);
SEXP ocpu_settle_counts(SEXP roots);

int64_t now_ms(void);
void slots_reset(void);
int slots_add(pid_t pid, int64_t uid);
worker_slot *slots_find(pid_t pid);
void slots_remove(pid_t pid);
int slots_idle(void);
int slots_poll_timeout(void);
void slots_kill_overdue(void);
void slots_end(void);
int kill_strays(void);

/* confine.c: what a worker cannot do. */
int64_t users_take(void);
int users_end(int64_t uid);
void users_give_back(int64_t uid);
void users_retire(int64_t uid);
void users_end_left(void);
void walls_prepare(void);
int walls_close(int64_t uid, const char *box, const char *const *readable, int count);

#endif
