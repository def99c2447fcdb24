#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static worker_slot slots[MAX_WORKERS];
static int used = 0;

#define AGAIN_MS 200

int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void slots_reset(void) { used = 0; }

int slots_add(pid_t pid, int64_t uid) {
  if (used == MAX_WORKERS) return -1;
  slots[used++] = (worker_slot){.pid = pid, .state = IDLE, .deadline = 0, .timed_out = 0, .uid = uid};
  return 0;
}

worker_slot *slots_find(pid_t pid) {
  for (int i = 0; i < used; i++)
    if (slots[i].pid == pid) return &slots[i];
  return NULL;
}

/* Of one that has ended: ends what it left, too. */
void slots_remove(pid_t pid) {
  worker_slot *slot = slots_find(pid);
  if (!slot) return;
  kill(-pid, SIGKILL);
  users_retire(slot->uid);
  *slot = slots[--used];
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
    if (slots[i].deadline && slots[i].deadline < nearest) nearest = slots[i].deadline;
  if (nearest == INT64_MAX) return -1;
  int64_t left = nearest - now;
  return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static int64_t user_of(pid_t pid) {
  char path[64], line[256];
  int64_t uid = 0;
  snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
  FILE *status = fopen(path, "re");
  if (!status) return 0;
  while (fgets(line, sizeof line, status))
    if (sscanf(line, "Uid: %" SCNd64, &uid) == 1) break;
  fclose(status);
  return uid;
}

/* A worker leads its own process group; what left the group is caught by the end of its user, or by kill_strays. One that has become
 * an engine has yet another user. */
static void end(const worker_slot *slot) {
  kill(-slot->pid, SIGKILL);
  if (kill(slot->pid, SIGKILL) < 0 && errno == EPERM && slot->state >= LOADING) users_end(user_of(slot->pid));
  users_end(slot->uid);
}

void slots_kill_overdue(void) {
  int64_t now = now_ms();
  for (int i = 0; i < used; i++)
    if (slots[i].deadline && slots[i].deadline <= now) {
      slots[i].timed_out = 1;
      end(&slots[i]);
      slots[i].deadline = now + AGAIN_MS; /* until it is reaped, should it have escaped */
    }
}

void slots_end(void) {
  while (used) {
    end(&slots[used - 1]);
    used--;
  }
}

/* An engine is the subreaper of its workers: descendants that outlive one become children of the engine, whatever
 * session or group they moved to. Children that are not workers are therefore killed, until none is left, since
 * each may hand over children of its own. Returns how many it has ended. */
int kill_strays(void) {
  char path[64];
  int ended = 0;
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  for (int round = 0; round < 1000; round++) {
    int found = 0;
    FILE *children = fopen(path, "re");
    if (!children) return ended;
    int pid;
    while (fscanf(children, "%d", &pid) == 1) {
      if (slots_find(pid)) continue;
      if (kill(pid, SIGKILL) < 0 && errno == EPERM) users_end(user_of(pid));
      found += waitpid(pid, NULL, kill(pid, 0) < 0 && errno == EPERM ? WNOHANG : 0) == pid;
    }
    fclose(children);
    if (!found) return ended;
    ended += found;
  }
  return ended;
}
