#define _GNU_SOURCE
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* R's per-session temporary directory (Rembedded.h): a worker gets its own, below its working directory. */
extern char *R_TempDir;

#define HEADER_LIMIT (64u << 20)
#define HEADER_PATIENCE_MS 10000
#define PATHS_LIMIT (1u << 20)
#define MOST_PATHS 512
#define FORK_PAUSE_MS 200
#define ANSWERED 42 /* the exit status of a process that did what it was for; quit() gives another */

#define WANTS 100   /* plus a number: it also had to load that namespace of those that its engine may load */

/* What a worker tells its engine: its new state, and how many milliseconds that may last; or, for the server, which one has become an
 * engine. The kernel says who it comes from. All share the socket that it is sent to, and any could make it useless: no worker has
 * it any more when it runs anybody's code. */
typedef struct {
  int32_t state, milliseconds;
  int32_t promoted; /* a process id, for PROMOTED */
} notice;

#define NOTICES_AT_ONCE 256

/* What a worker is asked to do. */
enum { ANSWER, BECOME_ENGINE, TELL_PROMOTED, ROLES };

static int listener = -1, notices[2] = {-1, -1}, children_fd = -1, events = -1;
static pid_t engine_pid = 0;
static int64_t own_user = 0; /* of a worker */

#define MOST_WANTED (255 - WANTS)
static int wanted[MOST_WANTED], wanted_count = 0; /* numbers of the namespaces that workers had to load */
static int wantable = 0;                          /* the largest of these numbers, which begin with 1 */
static char was_wanted[MOST_WANTED + 1];

static void close_if_open(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

static void open_listener(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) Rf_errorcall(R_NilValue, "The socket path is too long: %s", path);
  strcpy(address.sun_path, path);
  listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bail_if(listener < 0, "open a Unix socket");
  unlink(path);
  bail_if(bind(listener, (struct sockaddr *)&address, sizeof address) < 0, "bind the engine's socket");
  bail_if(chmod(path, 0600) < 0, "protect the engine's socket");
  bail_if(listen(listener, 1024) < 0, "listen on the engine's socket");
}

/* Signals that an engine reads from a descriptor; its workers take them as usual. */
static sigset_t engine_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  return set;
}

static void become_engine(void) {
  engine_pid = getpid();
  slots_reset();
  bail_if(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, notices) < 0, "open the engine's channel");
  int yes = 1;
  bail_if(setsockopt(notices[0], SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) < 0, "set up the engine's channel");
  sigset_t set = engine_signals();
  bail_if(sigprocmask(SIG_BLOCK, &set, NULL) < 0, "block SIGCHLD");
  children_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  bail_if(children_fd < 0, "watch children");
  bail_if(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0, "become the reaper of orphans");
  signal(SIGPIPE, SIG_IGN);
  kill_strays(); /* of a package that was loaded */
}

static void silence(void) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) _exit(70);
  for (int fd = 0; fd < 3; fd++) dup2(null, fd);
  close(null);
}

/* In the child: own session and group, dies with its engine, holds nothing of the engine but the listener and the way to tell it. */
static void become_worker(int64_t user) {
  own_user = user;
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != engine_pid) _exit(70);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  close_if_open(&children_fd);
  close_if_open(&notices[0]);
  close_if_open(&events);
  sigset_t set = engine_signals();
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  silence();
  walls_prepare();
}

/* 1 in the new worker, 0 in the engine, -1 when the machine refuses another process, or all users are taken. */
static int fork_worker(void) {
  int64_t user = users_take();
  pid_t pid = user < 0 ? -1 : fork();
  if (pid == 0) {
    become_worker(user);
    return 1;
  }
  if (pid > 0 && slots_add(pid, user) == 0) return 0;
  if (pid > 0) kill(pid, SIGKILL);
  users_give_back(user);
  return -1;
}

/* Each once: a caller's code can end with any status, and loading takes its time. */
static void want(int number) {
  if (number < 1 || number > wantable || was_wanted[number]) return;
  was_wanted[number] = 1;
  wanted[wanted_count++] = number;
}

/* The next notice and who sent it; 0 when there is none. */
static pid_t next_notice(notice *n) {
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(struct ucred))];
  } control;
  struct iovec part = {.iov_base = n, .iov_len = sizeof *n};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  if (recvmsg(notices[0], &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != (ssize_t)sizeof *n) return 0;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (!header || header->cmsg_type != SCM_CREDENTIALS) return 0;
  struct ucred sender;
  memcpy(&sender, CMSG_DATA(header), sizeof sender);
  return sender.pid;
}

/* An engine has no deadline. Only one that was asked to can become one. */
static void promote(pid_t pid) {
  worker_slot *slot = slots_find(pid);
  if (!slot || slot->state != LOADING || slot->timed_out) return;
  slot->state = PROMOTED;
  slot->deadline = 0;
}

/* A worker's state only goes forward. */
static void note(pid_t sender, const notice *n) {
  worker_slot *slot = slots_find(sender);
  if (!slot) return;
  if (n->state == PROMOTED) {
    promote(n->promoted);
  } else if (n->state > (int32_t)slot->state) {
    slot->state = (worker_state)n->state;
    slot->deadline = now_ms() + n->milliseconds;
  }
}

/* Not all at once: deadlines are kept meanwhile. */
static void read_notices(void) {
  notice n;
  for (int i = 0; i < NOTICES_AT_ONCE; i++) {
    pid_t sender = next_notice(&n);
    if (!sender) return;
    note(sender, &n);
  }
}

typedef struct {
  pid_t pid;
  int status, timed_out;
} worker_end;

/* Tells the server: "exit PID signal|status N timeout|-". */
static void report_end(const worker_end *end) {
  char line[96];
  int signalled = WIFSIGNALED(end->status);
  int length = snprintf(line, sizeof line, "exit %d %s %d %s\n", (int)end->pid, signalled ? "signal" : "status",
                        signalled ? WTERMSIG(end->status) : WEXITSTATUS(end->status), end->timed_out ? "timeout" : "-");
  write_fully(events, line, (size_t)length);
}

/* The server hears of a worker's end when all that it had started has ended, too. */
static void reap(void) {
  static worker_end ends[MAX_WORKERS];
  int count = 0;
  struct signalfd_siginfo drained[16];
  while (read(children_fd, drained, sizeof drained) > 0) {
  }
  int status;
  pid_t pid;
  while (count < MAX_WORKERS && (pid = waitpid(-1, &status, WNOHANG)) > 0) {
    worker_slot *slot = slots_find(pid);
    if (!slot) continue;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    if (slot->state == RUNNING) want(code - WANTS);
    ends[count++] = (worker_end){.pid = pid, .status = status, .timed_out = slot->timed_out};
    slots_remove(pid);
  }
  users_end_left();
  kill_strays();
  for (int i = 0; i < count; i++) report_end(&ends[i]);
}

/* Ends all workers with what they started. */
static void leave(void) {
  slots_end();
  kill_strays();
  _exit(ANSWERED);
}

/* Runs until the other end of the lifeline is closed or gone with the server. Returns 0 in workers, and 1 in the
 * engine when there are namespaces that it should have loaded. */
static int watch_workers(int idle, int lifeline) {
  struct pollfd polled[3] = {{.fd = lifeline, .events = POLLIN},
                             {.fd = notices[0], .events = POLLIN},
                             {.fd = children_fd, .events = POLLIN}};
  for (;;) {
    int refused = 0;
    while (slots_idle() < idle && !refused) {
      int forked = fork_worker();
      if (forked == 1) return 0;
      refused = forked < 0;
    }
    int timeout = slots_poll_timeout();
    if (refused && (timeout < 0 || timeout > FORK_PAUSE_MS)) timeout = FORK_PAUSE_MS;
    int ready = poll(polled, 3, timeout);
    if (ready < 0 && errno != EINTR) _exit(71);
    if (polled[1].revents) read_notices();
    if (polled[2].revents) reap();
    slots_kill_overdue();
    if (wanted_count) return 1;
    if (polled[0].revents & (POLLHUP | POLLERR | POLLIN)) {
      char c;
      if (read(lifeline, &c, 1) <= 0) leave();
    }
  }
}

static void tell_engine(notice n) {
  if (send(notices[1], &n, sizeof n, 0) != (ssize_t)sizeof n) _exit(72);
}

static int accept_one(void) {
  int fd;
  do fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
  if (fd < 0) _exit(73);
  close_if_open(&listener);
  tell_engine((notice){.state = ACCEPTED, .milliseconds = HEADER_PATIENCE_MS});
  uint32_t hello[2] = {(uint32_t)getpid(), (uint32_t)own_user};
  if (write_fully(fd, hello, sizeof hello) < 0) _exit(0);
  return fd;
}

/* Paths, each with a zero byte at its end: the request's box, then what else it may read. */
static void go_inside(const char *paths, uint32_t length) {
  const char *each[MOST_PATHS];
  int count = 0;
  for (const char *at = paths; at < paths + length; at += strlen(at) + 1) {
    if (count == MOST_PATHS) _exit(74);
    each[count++] = at;
  }
  if (count == 0 || walls_close(own_user, each[0], each + 1, count - 1) < 0) _exit(76);
}

static void write_reply(int fd, const char *header, uint32_t header_length, const void *body, uint64_t body_length) {
  char prefix[12];
  memcpy(prefix, &header_length, 4);
  memcpy(prefix + 4, &body_length, 8);
  errno = 0;
  bail_if(write_fully(fd, prefix, sizeof prefix) < 0 || write_fully(fd, header, header_length) < 0 ||
              write_fully(fd, body, body_length) < 0,
          "send the reply");
}

/* The server has got the answer of a worker that was to become an engine. What that one says itself, it says after it has run a
 * package's code; so it is another worker that tells. The header is its process id in JSON. */
static void tell_promoted(int fd, const char *header) {
  static const char done[] = "{\"status\":200}";
  tell_engine((notice){.state = PROMOTED, .promoted = (int32_t)strtol(header, NULL, 10)});
  write_reply(fd, done, sizeof done - 1, NULL, 0);
  _exit(ANSWERED);
}

/* A request frame: four 32-bit little-endian numbers: length of the header, time limit in milliseconds, what is asked (see the roles
 * above), and length of the paths; then the paths and the header. */
static SEXP read_request(int fd) {
  uint32_t prefix[4];
  if (read_fully(fd, prefix, sizeof prefix) < 0) _exit(0);
  if (prefix[0] > HEADER_LIMIT || prefix[1] == 0 || prefix[1] > INT32_MAX || prefix[2] >= ROLES || prefix[3] > PATHS_LIMIT) _exit(74);
  char *paths = calloc(prefix[3] + 1, 1), *text = calloc(prefix[0] + 1, 1);
  if (!paths || !text || read_fully(fd, paths, prefix[3]) < 0 || read_fully(fd, text, prefix[0]) < 0) _exit(75);
  if (prefix[2] == TELL_PROMOTED) tell_promoted(fd, text);
  tell_engine((notice){.state = prefix[2] == BECOME_ENGINE ? LOADING : RUNNING, .milliseconds = (int32_t)prefix[1]});
  close_if_open(&notices[1]);
  if (prefix[2] == ANSWER) go_inside(paths, prefix[3]);
  free(paths);
  SEXP request = PROTECT(Rf_allocVector(VECSXP, 2));
  SET_VECTOR_ELT(request, 0, Rf_ScalarInteger(fd));
  SEXP header = Rf_allocVector(STRSXP, 1);
  SET_VECTOR_ELT(request, 1, header);
  SET_STRING_ELT(header, 0, Rf_mkCharLenCE(text, (int)prefix[0], CE_UTF8));
  free(text);
  UNPROTECT(1);
  return request;
}

/* Connections wait in the socket's queue until ocpu_serve has workers for them. */
SEXP ocpu_listen(SEXP path) {
  open_listener(Rf_translateChar(STRING_ELT(path, 0)));
  return R_NilValue;
}

/* Serves until the lifeline ends. Returns list(descriptor, header) in each worker, once a request has reached it. In the
 * engine it returns the numbers, up to that of most_wanted, of namespaces that workers would rather find loaded; it may then be called
 * again. */
SEXP ocpu_serve(SEXP idle, SEXP lifeline, SEXP most_wanted) {
  wantable = Rf_asInteger(most_wanted);
  if (wantable > MOST_WANTED) wantable = MOST_WANTED;
  tidy_heap();
  if (engine_pid != getpid()) become_engine();
  if (!watch_workers(Rf_asInteger(idle), Rf_asInteger(lifeline))) return read_request(accept_one());
  untidy_heap();
  SEXP numbers = Rf_allocVector(INTSXP, wanted_count);
  memcpy(INTEGER(numbers), wanted, (size_t)wanted_count * sizeof *wanted);
  wanted_count = 0;
  return numbers;
}

/* The base engine: standard output is the event channel from here on, and its text goes to standard error. */
SEXP ocpu_ready(SEXP line) {
  events = fcntl(1, F_DUPFD_CLOEXEC, 3);
  bail_if(events < 0 || dup2(2, 1) < 0, "set up the event channel");
  SEXP text = STRING_ELT(line, 0);
  bail_if(write_fully(events, CHAR(text), (size_t)LENGTH(text)) < 0, "tell the server that the engine is ready");
  return R_NilValue;
}

/* A line of the engine's own, for the server. */
SEXP ocpu_tell(SEXP line) {
  SEXP text = STRING_ELT(line, 0);
  bail_if(write_fully(events, CHAR(text), (size_t)LENGTH(text)) < 0, "tell the server what is loaded");
  return R_NilValue;
}

/* A reply frame: header length (32 bits) and body length (64 bits), little-endian, header, body. */
SEXP ocpu_reply(SEXP descriptor, SEXP header, SEXP body) {
  SEXP text = STRING_ELT(header, 0);
  write_reply(Rf_asInteger(descriptor), CHAR(text), (uint32_t)LENGTH(text), RAW(body), (uint64_t)XLENGTH(body));
  return R_NilValue;
}

/* No finalizers, no atexit handlers of packages: the process is done. wanted: the number of a namespace that the engine should
 * have loaded, or NULL. */
SEXP ocpu_exit(SEXP wanted_number) { _exit(wanted_number == R_NilValue ? ANSWERED : WANTS + Rf_asInteger(wanted_number)); }

/* Leaves the ranks of the workers to become an engine, still reaped by the one that forked it. What it has to tell the server goes
 * over the connection that it was asked on, which is its lifeline. */
SEXP ocpu_promote(SEXP descriptor) {
  events = Rf_asInteger(descriptor);
  return R_NilValue;
}

SEXP ocpu_tempdir(SEXP path) {
  const char *directory = Rf_translateChar(STRING_ELT(path, 0));
  bail_if(mkdir(directory, 0700) < 0 && errno != EEXIST, "make the temporary directory");
  R_TempDir = strdup(directory);
  setenv("TMPDIR", directory, 1);
  setenv("HOME", directory, 1);
  setenv("R_SESSION_TMPDIR", directory, 1);
  return R_NilValue;
}

/* Sends what C code and child processes print to a file. */
SEXP ocpu_redirect(SEXP path) {
  int fd = open(Rf_translateChar(STRING_ELT(path, 0)), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  bail_if(fd < 0, "open the output file");
  dup2(fd, 1);
  dup2(fd, 2);
  close(fd);
  return R_NilValue;
}

/* One open, one write: R's connections cost several times as much. */
SEXP ocpu_write(SEXP path, SEXP bytes) {
  int fd = open(Rf_translateChar(STRING_ELT(path, 0)), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bail_if(fd < 0, "create a file of the session");
  int failed = write_fully(fd, RAW(bytes), (size_t)XLENGTH(bytes)) < 0;
  close(fd);
  bail_if(failed, "write a file of the session");
  return R_NilValue;
}

/* Milliseconds of wall clock that each of n children takes to be forked, run the expression and exit, `at_once` of
 * them at a time; the length of the result is n. */
SEXP ocpu_floor(SEXP expression, SEXP environment, SEXP n, SEXP at_once) {
  int count = Rf_asInteger(n), width = Rf_asInteger(at_once), started = 0, ended = 0;
  SEXP times = PROTECT(Rf_allocVector(REALSXP, count));
  pid_t *pids = (pid_t *)R_alloc((size_t)count, sizeof(pid_t));
  struct timespec *starts = (struct timespec *)R_alloc((size_t)count, sizeof(struct timespec)), t;
  while (ended < count) {
    while (started < count && started - ended < width) {
      clock_gettime(CLOCK_MONOTONIC, &starts[started]);
      pid_t pid = fork();
      bail_if(pid < 0, "fork");
      if (pid == 0) {
        Rf_eval(expression, environment);
        _exit(0);
      }
      pids[started++] = pid;
    }
    pid_t pid = waitpid(-1, NULL, 0);
    clock_gettime(CLOCK_MONOTONIC, &t);
    for (int i = 0; i < started; i++)
      if (pids[i] == pid) REAL(times)[i] = (t.tv_sec - starts[i].tv_sec) * 1e3 + (t.tv_nsec - starts[i].tv_nsec) / 1e6;
    ended++;
  }
  UNPROTECT(1);
  return times;
}
