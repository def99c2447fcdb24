#include "worker.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_WORKERS 1024

static worker_slot slots[MAX_WORKERS];
static int used = 0;

int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void slots_reset(void) { used = 0; }

int slots_add(pid_t pid) {
  if (used == MAX_WORKERS) return -1;
  slots[used++] = (worker_slot){.pid = pid, .state = IDLE, .deadline = 0, .timed_out = 0};
  return 0;
}

worker_slot *slots_find(pid_t pid) {
  for (int i = 0; i < used; i++)
    if (slots[i].pid == pid) return &slots[i];
  return NULL;
}

void slots_remove(pid_t pid) {
  worker_slot *slot = slots_find(pid);
  if (slot) *slot = slots[--used];
}

int slots_idle(void) {
  int idle = 0;
  for (int i = 0; i < used; i++) idle += slots[i].state == IDLE;
  return idle;
}

/* Milliseconds until the nearest deadline, -1 without any: poll's timeout. */
int slots_poll_timeout(void) {
  int64_t nearest = INT64_MAX, now = now_ms();
  for (int i = 0; i < used; i++)
    if (slots[i].deadline && !slots[i].timed_out && slots[i].deadline < nearest) nearest = slots[i].deadline;
  if (nearest == INT64_MAX) return -1;
  int64_t left = nearest - now;
  return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

void slots_kill_overdue(void) {
  int64_t now = now_ms();
  for (int i = 0; i < used; i++)
    if (slots[i].deadline && !slots[i].timed_out && slots[i].deadline <= now) {
      slots[i].timed_out = 1;
      kill_tree(slots[i].pid);
    }
}

/* A worker leads its own process group; what left the group is caught by kill_strays. */
void kill_tree(pid_t group) {
  kill(-group, SIGKILL);
  kill(group, SIGKILL);
}

static int stray(pid_t pid) { return slots_find(pid) == NULL; }

/* An engine is the subreaper of its workers: descendants that outlive one become children of the engine, whatever
 * session or group they moved to. Children that are not workers are therefore killed, until none is left, since
 * each may hand over children of its own. */
void kill_strays(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  for (int round = 0; round < 100; round++) {
    int killed = 0;
    FILE *children = fopen(path, "re");
    if (!children) return;
    int pid;
    while (fscanf(children, "%d", &pid) == 1)
      if (stray(pid)) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        killed++;
      }
    fclose(children);
    if (!killed) return;
  }
}
