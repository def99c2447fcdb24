#define _GNU_SOURCE
#include "worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The walls around engines and workers. Each may be missing on a machine; the others then still stand:
 *
 * - namespaces(7), for a server that is root: of its data an engine sees only what it is to serve, no process but its own
 *   descendants, no System V memory of others; and the kernel ends all of them with the first.
 * - a user of its own for each worker that runs at a time, for a server that is root. What is left of the powers of root is to become
 *   one of these users; a worker has none of it.
 * - landlock(7): files that are not named cannot be opened, processes outside neither be traced nor (ABI 6) signalled.
 * - seccomp(2): system calls that no R code needs, and that have been the way out of many a wall, are refused.
 *
 * Walls are only ever added: what an engine may not, its workers may not. */

/* Landlock as of ABI 6, which headers of older kernels lack. */
#define LL_EXECUTE (1ULL << 0)
#define LL_WRITE_FILE (1ULL << 1)
#define LL_READ_FILE (1ULL << 2)
#define LL_READ_DIR (1ULL << 3)
#define LL_MAKE_CHAR (1ULL << 6)
#define LL_MAKE_BLOCK (1ULL << 11)
#define LL_REFER (1ULL << 13)
#define LL_TRUNCATE (1ULL << 14)
#define LL_IOCTL_DEV (1ULL << 15)
#define LL_NET (3ULL << 0)   /* bind and connect, TCP */
#define LL_SCOPED (3ULL << 0) /* abstract sockets, signals */
#define LL_OF_FILES (LL_EXECUTE | LL_WRITE_FILE | LL_READ_FILE | LL_TRUNCATE | LL_IOCTL_DEV)
#define LL_READ (LL_EXECUTE | LL_READ_FILE | LL_READ_DIR)
#define LL_VERSION 1U
#define LL_BENEATH 1

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

typedef struct {
  uint64_t fs, net, scoped;
} ll_ruleset;

typedef struct {
  uint64_t access;
  int32_t fd;
} __attribute__((packed)) ll_beneath;

#define MOST_SHOWN 1024

/* What every worker of this engine may open: descriptors, opened once, and for what. */
static struct {
  int fd;
  uint64_t access;
} shown[MOST_SHOWN];
static int shown_count = 0;

static struct {
  int on;         /* whether there are to be any walls */
  int landlock;   /* ABI, 0 without */
  int seccomp;    /* whether filters can be installed */
  int users;      /* whether workers have users of their own */
  int namespaces; /* whether there are namespaces of our own */
  int network;    /* whether workers may use it */
  int sealed;     /* whether the filter for guests is installed already */
  uid_t first;    /* this engine's own user; its workers' follow */
  int count;      /* how many these are */
  int range;      /* how many all engines have */
  struct rlimit_of {
    int resource;
    rlim_t most;
  } limits[8];
  int limit_count;
} walls;

/* Of this engine's users. LEFT: its worker has ended, but not all that it started. */
static enum { FREE, TAKEN, LEFT } user_state[MAX_WORKERS + 1];

/* ---- users ---- */

static int set_user(uid_t uid) {
  return syscall(SYS_setresgid, uid, uid, uid) < 0 || syscall(SYS_setresuid, uid, uid, uid) < 0 ? -1 : 0;
}

static int set_capabilities(uint32_t kept) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {{.effective = kept, .permitted = kept}, {0}};
  return (int)syscall(SYS_capset, &header, data);
}

#define CHANGES_USER ((1u << CAP_SETUID) | (1u << CAP_SETGID))

/* A change of user takes away what is set here again. */
static int become(uid_t uid, uint32_t capabilities) {
  if (set_user(uid) < 0 || set_capabilities(capabilities) < 0) return -1;
  return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ? -1 : 0;
}

/* From root to the first of our users, who may become the others and nothing else. */
static int leave_root(void) {
  for (int capability = 0; capability <= 63; capability++)
    if (capability != CAP_SETUID && capability != CAP_SETGID) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  /* SECBIT_NOROOT and its lock: programs gain nothing from root's number */
  if (prctl(PR_SET_SECUREBITS, 3, 0, 0, 0) < 0) return -1;
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || setgroups(0, NULL) < 0) return -1;
  return become(walls.first, CHANGES_USER);
}

/* The last of this engine's users, who never runs anything but what follows. */
static uid_t executioner(void) { return walls.first + (uid_t)walls.count - 1; }

/* A user for one more worker, 0 when there are no users of our own, -1 when all are taken. */
int64_t users_take(void) {
  if (!walls.users) return 0;
  for (int i = 1; i < walls.count - 1; i++)
    if (user_state[i] == FREE) {
      user_state[i] = TAKEN;
      return (int64_t)walls.first + i;
    }
  users_end_left();
  return -1;
}

/* In the child of a vfork: ends all that runs as that user. It may signal them, and none of them may signal it (kill(2)): its real and
 * its saved user are nobody else's. */
static __attribute__((noreturn)) void end_all_of(uid_t uid) {
  uid_t own = executioner();
  if (syscall(SYS_setresgid, own, own, own) < 0 || syscall(SYS_setresuid, own, uid, own) < 0) _exit(1);
  _exit(kill(-1, SIGKILL) < 0 && errno != ESRCH);
}

/* Ends all that runs as that user, at once; -1 when that cannot be done now. The engine itself may not signal it. The memory is shared
 * and the parent waits, so this costs no copy of the engine. */
int users_end(int64_t uid) {
  if (uid <= 0) return 0;
  pid_t pid = vfork();
  if (pid == 0) end_all_of((uid_t)uid);
  if (pid < 0) return -1;
  int status = 1;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* Of a user that nothing has run as. */
void users_give_back(int64_t uid) {
  if (uid > 0) user_state[uid - walls.first] = FREE;
}

/* Of a user whose worker has ended: nobody gets it before all that it ran has ended, too. */
void users_retire(int64_t uid) {
  if (uid > 0) user_state[uid - walls.first] = users_end(uid) < 0 ? LEFT : FREE;
}

/* What could not be ended before. */
void users_end_left(void) {
  for (int i = 1; walls.users && i < walls.count - 1; i++)
    if (user_state[i] == LEFT) users_retire((int64_t)walls.first + i);
}

/* ---- files ---- */

static int ll_abi(void) {
  long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LL_VERSION);
  return abi < 0 ? 0 : (int)abi;
}

static uint64_t ll_handled(void) {
  uint64_t all = (1ULL << 13) - 1;
  if (walls.landlock >= 2) all |= LL_REFER;
  if (walls.landlock >= 3) all |= LL_TRUNCATE;
  if (walls.landlock >= 5) all |= LL_IOCTL_DEV;
  return all;
}

static uint64_t ll_write(void) { return ll_handled() & ~(LL_MAKE_CHAR | LL_MAKE_BLOCK | LL_IOCTL_DEV); }

static int ll_new(void) {
  ll_ruleset rules = {.fs = ll_handled(),
                      .net = walls.landlock >= 4 && !walls.network ? LL_NET : 0,
                      .scoped = walls.landlock >= 6 ? LL_SCOPED : 0};
  size_t size = walls.landlock >= 6 ? sizeof rules : walls.landlock >= 4 ? 16 : 8;
  return (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
}

static int ll_allow(int rules, int fd, uint64_t access) {
  struct stat s;
  if (fstat(fd, &s) < 0) return -1;
  access &= ll_handled();
  if (!S_ISDIR(s.st_mode)) access &= LL_OF_FILES;
  ll_beneath rule = {.access = access, .fd = fd};
  return (int)syscall(SYS_landlock_add_rule, rules, LL_BENEATH, &rule, 0);
}

/* What is not there needs no rule. */
static int ll_allow_path(int rules, const char *path, uint64_t access) {
  int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -1;
  int failed = ll_allow(rules, fd, access);
  close(fd);
  return failed;
}

static void show(const char *path, uint64_t access) {
  bail_if(shown_count == MOST_SHOWN, "show workers all they need of the system");
  int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return;
  shown[shown_count].fd = fd;
  shown[shown_count++].access = access;
}

static int is_below(const char *path, const char *directory) {
  size_t length = strlen(directory);
  return !strncmp(path, directory, length) && (path[length] == 0 || path[length] == '/');
}

/* All of a directory but what is hidden in it. */
static void show_beside(const char *path, const char *hidden) {
  char real[PATH_MAX];
  if (!realpath(path, real) || !strcmp(real, hidden)) return;
  if (!is_below(hidden, real)) {
    show(real, LL_READ);
    return;
  }
  DIR *entries = opendir(real);
  if (!entries) return;
  for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
    char child[2 * PATH_MAX];
    struct stat s;
    snprintf(child, sizeof child, "%s/%s", real, entry->d_name);
    /* where a link leads is shown for itself or not at all */
    if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && lstat(child, &s) == 0 && !S_ISLNK(s.st_mode))
      show_beside(child, hidden);
  }
  closedir(entries);
}

/* The server's data; in /opt, where a directory is all of a program's, what else is in that, too. */
static void find_hidden(const char *data, char *hidden) {
  if (!realpath(data, hidden)) snprintf(hidden, PATH_MAX, "%s", data);
  char *end = is_below(hidden, "/opt") && strlen(hidden) > 5 ? strchr(hidden + 5, '/') : NULL;
  if (end) *end = 0;
}

/* Of the machine's settings what libraries and programs read. Where workers are the server's user, the rest may hold what only that
 * user is to know. */
static void show_settings(void) {
  static const char *const patterns[] = {
      "R", "alternatives", "ld.so.*", "passwd", "group", "nsswitch.conf", "host.conf", "hosts", "hostname", "resolv.conf", "gai.conf",
      "networks", "services", "protocols", "localtime", "timezone", "locale.*", "fonts", "ssl/certs", "ssl/*.cnf", "ca-certificates*",
      "pki/tls/certs", "pki/tls/*.cnf", "pki/tls/cert.pem", "pki/ca-trust", "pki/java", "crypto-policies", "texmf", "papersize",
      "paperspecs", "libpaper.d", "ImageMagick*", "ghostscript", "mime.types", "magic*", "terminfo", "os-release", "debian_version",
      "redhat-release", "java*", "perl", "python3*", "openmpi", "OpenCL", "glvnd", "odbcinst.ini"};
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
    char pattern[64];
    glob_t found;
    snprintf(pattern, sizeof pattern, "/etc/%s", patterns[i]);
    if (glob(pattern, 0, NULL, &found) == 0)
      for (size_t k = 0; k < found.gl_pathc; k++) show(found.gl_pathv[k], LL_READ);
    globfree(&found);
  }
}

/* The system, as R and the programs it starts need it. What /proc tells of processes outside is guarded as tracing them is. */
static void show_system(const char *data) {
  static const char *const directories[] = {
      "/usr",       "/bin",       "/sbin",       "/lib",           "/lib32",
      "/lib64",     "/libx32",    "/opt",        "/nix/store",
      "/gnu/store", "/var/lib/texmf", "/var/cache/fontconfig", "/var/lib/ghostscript", "/sys/devices/system",
      "/run/systemd/resolve", "/proc"};
  char hidden[PATH_MAX];
  find_hidden(data, hidden);
  for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) show_beside(directories[i], hidden);
  const char *home = getenv("R_HOME");
  if (home) show(home, LL_READ);
  if (walls.users)
    show_beside("/etc", hidden);
  else
    show_settings();
  show("/dev/null", LL_READ_FILE | LL_WRITE_FILE | LL_TRUNCATE);
  show("/dev/zero", LL_READ_FILE);
  show("/dev/full", LL_READ_FILE | LL_WRITE_FILE | LL_TRUNCATE);
  show("/dev/random", LL_READ_FILE);
  show("/dev/urandom", LL_READ_FILE);
}

static int prepared = -1; /* the ruleset of a worker that waits */

/* What can be done before a worker knows its request. */
void walls_prepare(void) {
  if (!walls.landlock) return;
  prepared = ll_new();
  if (prepared < 0) _exit(76);
  for (int i = 0; i < shown_count; i++)
    if (ll_allow(prepared, shown[i].fd, shown[i].access) < 0) _exit(76);
}

static void hide_rest(void) {
  for (int i = 0; i < shown_count; i++) close(shown[i].fd);
  shown_count = 0;
  close(prepared);
  prepared = -1;
}

/* ---- system calls ---- */

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define ARCHITECTURE 0 /* no filter is known to be right */
#endif

static const int refused[] = {
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
    SYS_unshare, SYS_setns, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_bpf, SYS_userfaultfd, SYS_perf_event_open,
    SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_acct,
    SYS_swapon, SYS_swapoff, SYS_reboot, SYS_sethostname, SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex,
    SYS_clock_adjtime, SYS_quotactl, SYS_vhangup, SYS_syslog, SYS_fanotify_init, SYS_shmget, SYS_shmat, SYS_shmctl, SYS_shmdt,
    SYS_semget, SYS_semop, SYS_semctl, SYS_semtimedop, SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_mq_open, SYS_mq_unlink,
    SYS_move_pages, SYS_migrate_pages, SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setfsuid, SYS_setfsgid,
    SYS_setgroups, SYS_set_mempolicy, SYS_mbind,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef __x86_64__
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs, SYS__sysctl, SYS_create_module, SYS_lookup_dcookie,
#endif
    425, 426, 427,                /* io_uring: it opens and connects on its own */
    428, 429, 430, 431, 432, 433, /* open_tree, move_mount, fsopen, fsconfig, fsmount, fspick */
    438,                          /* pidfd_getfd */
    440, 442, 443, 447, 448       /* process_madvise, mount_setattr, quotactl_fd, memfd_secret, process_mrelease */
};

#define MOST_STEPS 512
#define LOAD(offset) step(BPF_LD | BPF_W | BPF_ABS, (offset), 0, 0)
#define LOAD_NUMBER LOAD(offsetof(struct seccomp_data, nr))
#define ARGUMENT(i) (offsetof(struct seccomp_data, args) + 8 * (i)) /* its low half, on little-endian machines */
#define REFUSE(error) step(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error), 0, 0)

static struct sock_filter steps[MOST_STEPS];
static unsigned short step_count;

static void step(unsigned short code, unsigned k, unsigned char yes, unsigned char no) {
  if (step_count == MOST_STEPS) _exit(77);
  steps[step_count++] = (struct sock_filter){code, yes, no, k};
}

static void jump(unsigned short test, unsigned k, unsigned char yes, unsigned char no) {
  step((unsigned short)(BPF_JMP | test | BPF_K), k, yes, no);
}

static void begin_filter(void) {
  step_count = 0;
  LOAD(offsetof(struct seccomp_data, arch));
  jump(BPF_JEQ, ARCHITECTURE, 1, 0);
  REFUSE(ENOSYS);
  LOAD_NUMBER;
#ifdef __x86_64__
  jump(BPF_JGE, 0x40000000, 0, 1); /* x32 */
  REFUSE(ENOSYS);
#endif
}

static int end_filter(void) {
  step(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
  struct sock_fprog program = {.len = step_count, .filter = steps};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static void refuse(int number, int error) {
  jump(BPF_JEQ, (unsigned)number, 0, 1);
  REFUSE(error);
}

/* Refuses the call unless that argument, 32 bits of it, is the value. */
static void only(int number, int argument, unsigned value) {
  jump(BPF_JEQ, (unsigned)number, 0, 4);
  LOAD(ARGUMENT(argument));
  jump(BPF_JEQ, value, 1, 0);
  REFUSE(EPERM);
  LOAD_NUMBER;
}

/* Refuses the call when that argument is the value. */
static void never(int number, int argument, unsigned value) {
  jump(BPF_JEQ, (unsigned)number, 0, 4);
  LOAD(ARGUMENT(argument));
  jump(BPF_JEQ, value, 0, 1);
  REFUSE(EPERM);
  LOAD_NUMBER;
}

/* Only our own users, in all three places. */
static void only_users(int number, uid_t first, int count) {
  jump(BPF_JEQ, (unsigned)number, 0, 11);
  for (int i = 0; i < 3; i++) {
    LOAD(ARGUMENT(i));
    jump(BPF_JGE, first + (unsigned)count, (unsigned char)(8 - 3 * i), 0);
    jump(BPF_JGE, first, 0, (unsigned char)(7 - 3 * i));
  }
  jump(BPF_JA, 1, 0, 0);
  REFUSE(EPERM);
  LOAD_NUMBER;
}

/* For the base engine and all that comes of it. */
static int filter_calls(void) {
  begin_filter();
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) refuse(refused[i], EPERM);
  refuse(435, ENOSYS); /* clone3: its flags are in memory, out of sight; libraries then use clone */
  refuse(SYS_memfd_create, ENOSYS); /* memory that no process need have in its address space; libraries then use files */
  jump(BPF_JEQ, SYS_clone, 0, 4);
  LOAD(ARGUMENT(0));
  jump(BPF_JSET, CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP, 0, 1);
  REFUSE(EPERM);
  LOAD_NUMBER;
  /* nothing of another process, even of the same user */
  only(SYS_prlimit64, 0, 0);
  only(SYS_sched_setaffinity, 0, 0);
  only(SYS_sched_setscheduler, 0, 0);
  only(SYS_sched_setparam, 0, 0);
  only(SYS_sched_setattr, 0, 0);
  only(SYS_ioprio_set, 0, 1 /* IOPRIO_WHO_PROCESS */);
  only(SYS_ioprio_set, 1, 0);
  only(SYS_setpriority, 0, PRIO_PROCESS);
  only(SYS_setpriority, 1, 0);
  only(SYS_personality, 0, 0xffffffff);
  never(SYS_ioctl, 1, 0x5412); /* TIOCSTI: types at a terminal */
  never(SYS_ioctl, 1, 0x541c); /* TIOCLINUX */
  if (walls.users) {
    only_users(SYS_setresuid, walls.first, walls.range);
    only_users(SYS_setresgid, walls.first, walls.range);
  }
  return end_filter();
}

#define AS_IF_DONE 0

/* What Landlock does not cover, and the owner of a file may: its mode, times and the like, and with an old kernel its length. Workers
 * that are the server's user could lock the server out of its data. Programs that copy or unpack set modes and times in passing, so
 * they are told that it was done; and that the file system has no attributes and that owners cannot be changed, which they are used
 * to. */
static void keep_attributes(void) {
  static const int as_if_done[] = {SYS_fchmod, SYS_fchmodat, 452 /* fchmodat2 */, SYS_utimensat,
#ifdef __x86_64__
                                   SYS_chmod, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
  };
  static const int not_owner[] = {SYS_fchown, SYS_fchownat,
#ifdef __x86_64__
                                  SYS_chown, SYS_lchown,
#endif
  };
  static const int none_there[] = {SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
                                   463, 466, 469 /* setxattrat, removexattrat, file_setattr */};
  for (size_t i = 0; i < sizeof as_if_done / sizeof *as_if_done; i++) refuse(as_if_done[i], AS_IF_DONE);
  for (size_t i = 0; i < sizeof not_owner / sizeof *not_owner; i++) refuse(not_owner[i], EPERM);
  for (size_t i = 0; i < sizeof none_there / sizeof *none_there; i++) refuse(none_there[i], ENOTSUP);
  if (walls.landlock < 3) refuse(SYS_truncate, EACCES); /* before that it guards open files only */
  never(SYS_ioctl, 1, 0x40086602); /* FS_IOC_SETFLAGS */
  never(SYS_ioctl, 1, 0x401c5820); /* FS_IOC_FSSETXATTR */
  never(SYS_ioctl, 1, 0x40806685); /* FS_IOC_ENABLE_VERITY: never to be written again */
}

/* A pair of sockets that are connected for good. One of datagrams would send to any other socket of the machine. */
static void only_connected_pairs(void) {
  jump(BPF_JEQ, SYS_socketpair, 0, 8);
  LOAD(ARGUMENT(0));
  jump(BPF_JEQ, AF_UNIX, 0, 4);
  LOAD(ARGUMENT(1));
  step(BPF_ALU | BPF_AND | BPF_K, 0xf, 0, 0); /* without flags */
  jump(BPF_JEQ, SOCK_STREAM, 2, 0);
  jump(BPF_JEQ, SOCK_SEQPACKET, 1, 0);
  REFUSE(EACCES);
  LOAD_NUMBER;
}

/* Landlock lets who cannot list a directory be told what is made in it: the keys of others' sessions. Programs then look again and
 * again. */
static void keep_names(void) {
  refuse(SYS_inotify_init1, ENOSYS);
  refuse(SYS_inotify_add_watch, ENOSYS);
#ifdef __x86_64__
  refuse(SYS_inotify_init, ENOSYS);
#endif
}

/* For what runs code of packages and clients: of files only what is in them can be changed; sockets are of the network, if that is
 * allowed, or a pair of the process's own. */
static int filter_guests(void) {
  begin_filter();
  if (walls.network) {
    jump(BPF_JEQ, SYS_socket, 0, 7);
    LOAD(ARGUMENT(0));
    jump(BPF_JEQ, AF_INET, 4, 0);
    jump(BPF_JEQ, AF_INET6, 3, 0);
    jump(BPF_JEQ, AF_NETLINK, 0, 1);
    step(BPF_JMP | BPF_JA, 1, 0, 0);
    REFUSE(EACCES);
    LOAD_NUMBER;
  } else {
    refuse(SYS_socket, EACCES);
  }
  only_connected_pairs();
  keep_names();
  if (walls.users) {
    only_users(SYS_setresuid, walls.first, walls.count);
    only_users(SYS_setresgid, walls.first, walls.count);
  } else {
    keep_attributes();
  }
  return end_filter();
}

/* ---- namespaces ---- */

static int make_path(const char *path) {
  char part[4096];
  if (strlen(path) >= sizeof part) return -1;
  for (size_t i = 1; i <= strlen(path); i++)
    if (path[i] == '/' || path[i] == 0) {
      memcpy(part, path, i);
      part[i] = 0;
      if (mkdir(part, 0755) < 0 && errno != EEXIST) return -1;
    }
  return 0;
}

/* The first directory on the way to that path that others than its owner cannot enter, or the path itself. */
static void first_closed(const char *path, char *part) {
  for (size_t i = 1; i <= strlen(path); i++)
    if (path[i] == '/' || path[i] == 0) {
      struct stat s;
      memcpy(part, path, i);
      part[i] = 0;
      if (stat(part, &s) == 0 && !(s.st_mode & S_IXOTH)) return;
    }
}

static int hide_data(const char *data, SEXP readable, SEXP writable) {
  int counts[2] = {Rf_length(readable), Rf_length(writable)}, fds[64];
  SEXP paths[2] = {readable, writable};
  if (counts[0] + counts[1] > 64) return -1;
  int n = 0;
  for (int w = 0; w < 2; w++)
    for (int i = 0; i < counts[w]; i++) fds[n++] = open(CHAR(STRING_ELT(paths[w], i)), O_PATH | O_DIRECTORY | O_CLOEXEC);
  char top[4096];
  if (strlen(data) >= sizeof top) return -1;
  first_closed(data, top);
  if (mount("ocpu", top, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755,size=256k") < 0) return -1;
  n = 0;
  for (int w = 0; w < 2; w++)
    for (int i = 0; i < counts[w]; i++, n++) {
      if (fds[n] < 0) return -1;
      const char *path = CHAR(STRING_ELT(paths[w], i));
      char from[64];
      snprintf(from, sizeof from, "/proc/self/fd/%d", fds[n]);
      if (make_path(path) < 0 || mount(from, path, NULL, MS_BIND, NULL) < 0) return -1;
      unsigned long flags = MS_BIND | MS_REMOUNT | MS_NOSUID | MS_NODEV | (w ? 0 : MS_RDONLY);
      if (mount(NULL, path, NULL, flags, NULL) < 0) return -1;
      close(fds[n]);
    }
  return mount(NULL, top, NULL, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

static int own_view(void) {
  return unshare(CLONE_NEWNS | CLONE_NEWIPC) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? -1 : 0;
}

/* Others' processes are not shown: only the engines, whose group that is, see their workers. */
static int own_proc(void) {
  char options[64];
  snprintf(options, sizeof options, "hidepid=2,gid=%u", (unsigned)walls.first);
  return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, options);
}

/* Whether a child of ours can have namespaces of its own; tried in one, since there is no way back. */
static int namespaces_work(void) {
  pid_t pid = fork();
  if (pid < 0) return 0;
  if (pid == 0) {
    if (unshare(CLONE_NEWPID) < 0) _exit(1);
    pid_t inner = fork();
    if (inner == 0) _exit(own_view() < 0 || own_proc() < 0);
    int status = 1;
    if (inner < 0 || waitpid(inner, &status, 0) < 0) _exit(1);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
  }
  int status = 1;
  return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Goes on in a child, and stays behind to see that with the child all that it started ends. */
static void leave_guard(void) {
  pid_t here = getpid();
  bail_if(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0, "become the reaper of orphans");
  bail_if(walls.namespaces && unshare(CLONE_NEWPID) < 0, "make a namespace of processes");
  pid_t pid = fork();
  bail_if(pid < 0, "fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    pid_t parent = getppid();
    if (parent != here && parent != 0) _exit(70);
    return;
  }
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(null, 0); /* the lifeline is the child's; the event channel stays, so that it ends when all has ended */
  signal(SIGINT, SIG_IGN);
  int status = 0;
  for (pid_t ended = 0; ended != pid;) {
    ended = waitpid(-1, &status, 0);
    if (ended < 0 && errno != EINTR) break;
  }
  slots_reset();
  while (kill_strays()) {
  }
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* ---- what R calls ---- */

static SEXP member(SEXP list, const char *name) {
  SEXP names = Rf_getAttrib(list, R_NamesSymbol);
  for (int i = 0; i < Rf_length(list); i++)
    if (!strcmp(CHAR(STRING_ELT(names, i)), name)) return VECTOR_ELT(list, i);
  return R_NilValue;
}

/* How many tasks this user has now, all in all. */
static rlim_t own_tasks(void) {
  rlim_t count = 0;
  DIR *processes = opendir("/proc");
  if (!processes) return 0;
  for (struct dirent *entry = readdir(processes); entry; entry = readdir(processes)) {
    char path[300];
    struct stat s;
    snprintf(path, sizeof path, "/proc/%s/task", entry->d_name);
    if (stat(path, &s) == 0 && s.st_uid == geteuid()) count += s.st_nlink - 2;
  }
  closedir(processes);
  return count;
}

/* The kernel counts the processes of a user. Where workers have none of their own, the server's threads are counted, too. */
static void allow_for_server(void) {
  for (int i = 0; i < walls.limit_count; i++)
    if (walls.limits[i].resource == RLIMIT_NPROC) walls.limits[i].most += own_tasks() + 512;
}

static void take_limits(SEXP limits) {
  static const struct {
    const char *name;
    int resource;
  } known[] = {{"as", RLIMIT_AS},       {"fsize", RLIMIT_FSIZE}, {"nproc", RLIMIT_NPROC},
               {"cpu", RLIMIT_CPU},     {"nofile", RLIMIT_NOFILE}};
  walls.limit_count = 0;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    SEXP value = member(limits, known[i].name);
    if (value != R_NilValue)
      walls.limits[walls.limit_count++] = (struct rlimit_of){known[i].resource, (rlim_t)Rf_asReal(value)};
  }
}

static SEXP described(void) {
  char landlock[32];
  snprintf(landlock, sizeof landlock, "landlock=%d", walls.landlock);
  SEXP parts = PROTECT(Rf_allocVector(STRSXP, 4));
  SET_STRING_ELT(parts, 0, Rf_mkChar(landlock));
  SET_STRING_ELT(parts, 1, Rf_mkChar(walls.seccomp ? "seccomp=1" : "seccomp=0"));
  SET_STRING_ELT(parts, 2, Rf_mkChar(walls.users ? "users=1" : "users=0"));
  SET_STRING_ELT(parts, 3, Rf_mkChar(walls.namespaces ? "namespaces=1" : "namespaces=0"));
  UNPROTECT(1);
  return parts;
}

/* The base engine, before it does anything else: puts up the walls that all its descendants have in common, as far as this machine
 * has them. Returns what there is: "landlock=ABI", "seccomp=0|1", "users=0|1", "namespaces=0|1". */
SEXP ocpu_enclose(SEXP settings) {
  for (int fd = 3; fd < 1024; fd++) close(fd); /* such as that of R's program, which has been read */
  walls.on = Rf_asLogical(member(settings, "confine"));
  walls.network = Rf_asLogical(member(settings, "network"));
  walls.first = (uid_t)Rf_asReal(member(settings, "user"));
  walls.count = Rf_asInteger(member(settings, "users"));
  walls.range = Rf_asInteger(member(settings, "range"));
  take_limits(member(settings, "limits"));
  int root = walls.on && geteuid() == 0 && walls.first > 0;
  walls.namespaces = root && namespaces_work();
  leave_guard();
  walls.landlock = walls.on ? ll_abi() : 0;
  walls.seccomp = walls.on && ARCHITECTURE != 0;
  const char *sockets = CHAR(STRING_ELT(member(settings, "sockets"), 0));
  if (walls.namespaces) {
    SEXP data = STRING_ELT(member(settings, "data"), 0);
    bail_if(own_view() < 0, "make a namespace of mounts");
    bail_if(hide_data(CHAR(data), member(settings, "readable"), member(settings, "writable")) < 0, "hide the server's data");
    bail_if(own_proc() < 0, "mount /proc");
  }
  if (root) {
    bail_if(chown(sockets, walls.first, walls.first) < 0, "hand over the directory of sockets");
    bail_if(leave_root() < 0, "leave root");
    walls.users = 1;
  } else {
    allow_for_server();
  }
  if (walls.on && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) walls.landlock = walls.seccomp = 0;
  if (walls.seccomp && filter_calls() < 0) walls.seccomp = 0;
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (walls.landlock) {
    show_system(CHAR(STRING_ELT(member(settings, "data"), 0)));
    SEXP libraries = member(settings, "libraries");
    for (int i = 0; i < Rf_length(libraries); i++) show(CHAR(STRING_ELT(libraries, i)), LL_READ);
  }
  return described();
}

/* Lowers a limit; one that is lower stays. */
static int limit_to(int resource, rlim_t soft, rlim_t hard) {
  struct rlimit now;
  if (getrlimit(resource, &now) < 0) return -1;
  struct rlimit limit = {soft < now.rlim_max ? soft : now.rlim_max, hard < now.rlim_max ? hard : now.rlim_max};
  return setrlimit(resource, &limit);
}

static int worker_limits(void) {
  int failed = 0;
  for (int i = 0; i < walls.limit_count; i++) {
    rlim_t most = walls.limits[i].most;
    rlim_t grace = walls.limits[i].resource == RLIMIT_CPU ? 5 : 0; /* first SIGXCPU, which tells what it was */
    failed |= limit_to(walls.limits[i].resource, most, most + grace);
  }
  return failed;
}

/* The processor time of an engine is that of all its days; and workers that wait count as processes of the engine's user. */
static int engine_limits(void) {
  int failed = 0;
  for (int i = 0; i < walls.limit_count; i++) {
    int resource = walls.limits[i].resource;
    rlim_t most = walls.limits[i].most;
    if (resource == RLIMIT_NPROC) most += (rlim_t)walls.count; /* its idle workers */
    if (resource == RLIMIT_NOFILE) most += MOST_SHOWN;
    if (resource != RLIMIT_CPU) failed |= limit_to(resource, most, most);
  }
  return failed;
}

/* A worker that is to become the engine of a package, before it loads the package: what it and its workers may read, where these may
 * write, and its users. */
SEXP ocpu_enclose_engine(SEXP readable, SEXP writable, SEXP user) {
  if (walls.users) {
    walls.first = (uid_t)Rf_asReal(user);
    memset(user_state, 0, sizeof user_state);
    bail_if(become(walls.first, CHANGES_USER) < 0, "become the user of this engine");
  }
  bail_if(engine_limits() < 0, "limit the engine");
  if (walls.landlock) {
    for (int i = 0; i < Rf_length(readable); i++) show(CHAR(STRING_ELT(readable, i)), LL_READ);
    close(prepared); /* for a worker of the base engine */
    walls_prepare();
    int failed = 0;
    for (int i = 0; i < Rf_length(writable); i++)
      failed |= ll_allow_path(prepared, CHAR(STRING_ELT(writable, i)), ll_write()) < 0;
    bail_if(failed || syscall(SYS_landlock_restrict_self, prepared, 0) < 0, "confine the engine");
    close(prepared);
    prepared = -1;
  }
  if (walls.seccomp && !walls.sealed) {
    bail_if(filter_guests() < 0, "filter the engine's system calls");
    walls.sealed = 1;
  }
  return R_NilValue;
}

/* A worker, before it evaluates anything. box: may be written to; readable: what else may be read. */
int walls_close(int64_t uid, const char *box, const char *const *readable, int count) {
  if (uid > 0 && become((uid_t)uid, 0) < 0) return -1;
  if (walls.landlock) {
    int failed = ll_allow_path(prepared, box, ll_write()) < 0;
    for (int i = 0; i < count; i++) failed |= ll_allow_path(prepared, readable[i], LL_READ) < 0;
    if (failed || syscall(SYS_landlock_restrict_self, prepared, 0) < 0) return -1;
    hide_rest();
  }
  if (worker_limits() < 0) return -1; /* that of descriptors leaves no room for what was shown */
  if (walls.seccomp && !walls.sealed) {
    if (filter_guests() < 0) return -1;
    walls.sealed = 1;
  }
  return 0;
}
