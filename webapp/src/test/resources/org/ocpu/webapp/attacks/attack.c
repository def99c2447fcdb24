/* Attacks that R code cannot write: raw system calls, and what a worker holds open. Each runs in a child of its own, so that a filter
 * that kills does not end the others. Called by .C("ocpu_attack", name, numbers, path, result, text): numbers are the victim, the
 * server and another worker; result becomes what the call returned, errno, and the signal that ended the child (-1: no child);
 * text becomes what was read. All are harmless where they succeed. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT 4096
#define BAD 0x7fffff00 /* flags that no call knows: permissions are checked first */

typedef struct {
  pid_t victim, server, worker, engine;
  const char *path;
  char *text;
} target;

typedef long attack(const target *t);

/* What anybody may do: that this succeeds shows that attacks run. */
static long none(const target *t) {
  (void)t;
  return 0;
}

/* Other processes. */
static long seize(pid_t pid) { return ptrace(0x4206 /* PTRACE_SEIZE */, pid, NULL, NULL); }
static long ptrace_victim(const target *t) { return seize(t->victim); }
static long ptrace_server(const target *t) { return seize(t->server); }
static long ptrace_engine(const target *t) { return seize(t->engine); }
static long ptrace_worker(const target *t) { return seize(t->worker); }
static long ptrace_traceme(const target *t) {
  (void)t;
  return ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

/* The address is none: only who may not read gets EPERM. */
static long vm_read(pid_t pid) {
  char byte;
  struct iovec here = {&byte, 1}, there = {NULL, 1};
  return process_vm_readv(pid, &here, 1, &there, 1, 0);
}
static long vm_read_server(const target *t) { return vm_read(t->server); }
static long vm_read_engine(const target *t) { return vm_read(t->engine); }
static long vm_read_worker(const target *t) { return vm_read(t->worker); }
static long vm_write_engine(const target *t) {
  char byte = 0;
  struct iovec here = {&byte, 1}, there = {NULL, 1};
  return process_vm_writev(t->engine, &here, 1, &there, 1, 0);
}

/* SIGCONT changes nothing, but in the victim, which takes note. */
static long kill_victim(const target *t) { return kill(t->victim, SIGCONT); }
static long kill_server(const target *t) { return kill(t->server, SIGCONT); }
static long kill_engine(const target *t) { return kill(t->engine, SIGCONT); }
static long kill_worker(const target *t) { return kill(t->worker, SIGCONT); }
static long kill_worker_group(const target *t) { return kill(-t->worker, SIGCONT); }
/* A worker may signal what it started: that the victim takes no note is what is looked at. */
static long kill_all(const target *t) {
  (void)t;
  kill(-1, SIGCONT);
  errno = EPERM;
  return -1;
}
static long tkill_victim(const target *t) { return syscall(SYS_tkill, t->victim, SIGCONT); }
static long tgkill_victim(const target *t) { return syscall(SYS_tgkill, t->victim, t->victim, SIGCONT); }
static long queue_signal(const target *t) {
  union sigval value = {0};
  return sigqueue(t->victim, SIGCONT, value);
}
static long pidfd_signal(const target *t) {
  int fd = (int)syscall(SYS_pidfd_open, t->victim, 0);
  return fd < 0 ? fd : syscall(SYS_pidfd_send_signal, fd, SIGCONT, NULL, 0);
}
static long pidfd_get(const target *t) {
  int fd = (int)syscall(SYS_pidfd_open, t->server, 0);
  return fd < 0 ? fd : syscall(SYS_pidfd_getfd, fd, 0, 0);
}
/* The owner of a file is sent its signals. */
static long signal_by_owner(const target *t) {
  int ends[2];
  if (pipe(ends) < 0) return -1;
  fcntl(ends[0], F_SETSIG, SIGCONT);
  if (fcntl(ends[0], F_SETOWN, t->victim) < 0) return -1;
  fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK);
  long written = write(ends[1], "x", 1);
  (void)written;
  errno = EPERM; /* the victim tells */
  return -1;
}
static long compare(const target *t) { return syscall(SYS_kcmp, t->engine, getpid(), 0 /* KCMP_FILE */, 0, 0); }
static long move_pages_of(const target *t) { return syscall(SYS_move_pages, t->server, 0, NULL, NULL, NULL, 0); }
static long robust_list(const target *t) {
  void *head;
  size_t length;
  return syscall(SYS_get_robust_list, t->server, &head, &length);
}
static long limits_of_another(const target *t) {
  struct rlimit old;
  if (prlimit(t->worker, RLIMIT_NOFILE, NULL, &old) < 0) return -1;
  return prlimit(t->worker, RLIMIT_NOFILE, &old, NULL);
}
static long affinity_of_another(const target *t) {
  cpu_set_t set;
  if (sched_getaffinity(t->worker, sizeof set, &set) < 0) return -1;
  return sched_setaffinity(t->worker, sizeof set, &set);
}
static long priority_of_another(const target *t) {
  return setpriority(PRIO_PROCESS, (id_t)t->worker, getpriority(PRIO_PROCESS, (id_t)t->worker));
}

/* The kernel's doors. */
static long userfault(const target *t) {
  (void)t;
  return syscall(SYS_userfaultfd, 0);
}
static long make_bpf_map(const target *t) {
  (void)t;
  union bpf_attr attr = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
  return syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr);
}
static long key_ring(const target *t) {
  (void)t;
  return syscall(SYS_keyctl, 0 /* KEYCTL_GET_KEYRING_ID */, -3 /* session */, 0);
}
static long key_add(const target *t) {
  (void)t;
  return syscall(SYS_add_key, "user", "ocpu-attack", "x", 1, -2 /* process */);
}
static long key_request(const target *t) {
  (void)t;
  return syscall(SYS_request_key, "user", "ocpu-attack-none", NULL, 0);
}
static long io_uring(const target *t) {
  (void)t;
  struct io_uring_params parameters = {0};
  return syscall(SYS_io_uring_setup, 1, &parameters);
}
static long unshare_user(const target *t) {
  (void)t;
  return unshare(CLONE_NEWUSER);
}
static long unshare_mounts(const target *t) {
  (void)t;
  return unshare(CLONE_NEWNS);
}
static long unshare_user_and_mounts(const target *t) {
  (void)t;
  return unshare(CLONE_NEWUSER | CLONE_NEWNS);
}
static long unshare_network(const target *t) {
  (void)t;
  return unshare(CLONE_NEWNET);
}
static long unshare_ipc(const target *t) {
  (void)t;
  return unshare(CLONE_NEWIPC);
}
static long unshare_processes(const target *t) {
  (void)t;
  return unshare(CLONE_NEWPID);
}
static long clone_user(const target *t) {
  (void)t;
  long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  return pid;
}
static long clone3_user(const target *t) {
  (void)t;
  struct clone_args arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
  long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) _exit(0);
  return pid;
}
static long enter_namespace(const target *t) {
  (void)t;
  int fd = open("/proc/self/ns/uts", O_RDONLY);
  return fd < 0 ? fd : setns(fd, 0);
}
static long mount_memory(const target *t) {
  (void)t;
  mkdir("mounted", 0700);
  long result = mount("none", "mounted", "tmpfs", 0, NULL);
  if (result == 0) umount2("mounted", MNT_DETACH);
  rmdir("mounted");
  return result;
}
static long mount_bind(const target *t) {
  (void)t;
  mkdir("bound", 0700);
  long result = mount("/etc", "bound", NULL, MS_BIND, NULL);
  if (result == 0) umount2("bound", MNT_DETACH);
  rmdir("bound");
  return result;
}
static long mount_new(const target *t) {
  (void)t;
  return syscall(SYS_fsopen, "tmpfs", 0);
}
static long mount_tree(const target *t) {
  (void)t;
  return syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */);
}
static long unmount(const target *t) {
  (void)t;
  return umount2("/ocpu-attack-none", 0);
}
static long pivot(const target *t) {
  (void)t;
  return syscall(SYS_pivot_root, "/ocpu-attack-none", "/ocpu-attack-none");
}
static long change_root(const target *t) {
  (void)t;
  return chroot(".");
}
static long open_by_handle(const target *t) {
  union {
    struct file_handle handle;
    char bytes[sizeof(struct file_handle) + 128];
  } handle = {.handle = {.handle_bytes = 128}};
  int mount_id;
  if (name_to_handle_at(AT_FDCWD, t->path, &handle.handle, &mount_id, 0) < 0) return -1;
  int fd = open_by_handle_at(AT_FDCWD, &handle.handle, O_RDONLY);
  if (fd < 0) return fd;
  long n = read(fd, t->text, TEXT - 1);
  if (n >= 0) t->text[n] = 0;
  return n;
}
static long perf(pid_t pid, int kernel) {
  struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attr, .config = PERF_COUNT_SW_CPU_CLOCK};
  attr.exclude_kernel = !kernel;
  return syscall(SYS_perf_event_open, &attr, pid, -1, -1, 0);
}
static long perf_server(const target *t) { return perf(t->server, 0); }
static long perf_kernel(const target *t) {
  (void)t;
  return perf(0, 1);
}
static long perf_own(const target *t) {
  (void)t;
  return perf(0, 0);
}
static long load_kernel(const target *t) {
  (void)t;
  return syscall(SYS_kexec_load, 0, 0, NULL, BAD);
}
static long load_module(const target *t) {
  (void)t;
  return syscall(SYS_init_module, NULL, 0, "");
}
static long load_module_file(const target *t) {
  (void)t;
  return syscall(SYS_finit_module, -1, "", 0);
}
static long remove_module(const target *t) {
  (void)t;
  return syscall(SYS_delete_module, "ocpu_attack_none", O_NONBLOCK);
}
static long change_personality(const target *t) {
  (void)t;
  return syscall(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */);
}
static long restart_machine(const target *t) {
  (void)t;
  return syscall(SYS_reboot, 0, 0, 0, NULL);
}
static long swap(const target *t) {
  (void)t;
  return syscall(SYS_swapon, "/ocpu-attack-none", 0);
}
static long host_name(const target *t) {
  (void)t;
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return sethostname(name, strlen(name));
}
static long io_ports(const target *t) {
  (void)t;
  return syscall(SYS_iopl, 3);
}
static long kernel_log(const target *t) {
  (void)t;
  char text[256];
  return syscall(SYS_syslog, 3, text, sizeof text);
}
static long make_device(const target *t) {
  (void)t;
  long result = mknod("device", S_IFBLK | 0600, 0x0800);
  if (result == 0) unlink("device");
  return result;
}

/* Old and other ways to make a system call. */
static long int_0x80(const target *t) {
  (void)t;
  long result = 310 /* unshare of i386 */;
  __asm__ volatile("int $0x80" : "+a"(result) : "b"(CLONE_NEWUSER) : "memory", "r8", "r9", "r10", "r11");
  if (result < 0 && result > -4096) {
    errno = (int)-result;
    return -1;
  }
  return result;
}
static long x32(const target *t) {
  (void)t;
  return syscall(0x40000000 | SYS_unshare, CLONE_NEWUSER);
}

/* Privileges. */
static long become_root(const target *t) {
  (void)t;
  if (setresuid(0, 0, 0) < 0) return -1;
  return geteuid() == 0 ? 0 : -1;
}
static long become_somebody(const target *t) {
  (void)t;
  return setresuid(65534, 65534, 65534);
}
static long root_groups(const target *t) {
  (void)t;
  gid_t root = 0;
  return setgroups(1, &root);
}
static long new_privileges(const target *t) {
  (void)t;
  prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0) return 0;
  errno = EPERM;
  return -1;
}
static long no_filter(const target *t) {
  (void)t;
  prctl(PR_SET_SECCOMP, 0, 0, 0, 0);
  if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0) return 0;
  errno = EPERM;
  return -1;
}
static long raise_limits(const target *t) {
  (void)t;
  int limits[] = {RLIMIT_AS, RLIMIT_FSIZE, RLIMIT_NPROC, RLIMIT_CPU, RLIMIT_NOFILE, RLIMIT_CORE};
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    struct rlimit old, more;
    getrlimit(limits[i], &old);
    more.rlim_cur = more.rlim_max = old.rlim_max == RLIM_INFINITY ? RLIM_INFINITY : old.rlim_max + 1;
    if (old.rlim_max != RLIM_INFINITY && setrlimit(limits[i], &more) == 0) return limits[i];
  }
  struct rlimit core = {1, 1};
  return setrlimit(RLIMIT_CORE, &core);
}
static long before_others(const target *t) {
  (void)t;
  return setpriority(PRIO_PROCESS, 0, -5);
}
static long real_time(const target *t) {
  (void)t;
  struct sched_param parameters = {.sched_priority = 1};
  return sched_setscheduler(0, SCHED_FIFO, &parameters);
}
static long first_on_disk(const target *t) {
  (void)t;
  return syscall(SYS_ioprio_set, 1, 0, (1 << 13) | 4 /* real time */);
}
static long all_last_on_disk(const target *t) {
  (void)t;
  return syscall(SYS_ioprio_set, 3 /* of a user */, 0, 3 << 13 /* idle */);
}
static long memory_file(const target *t) {
  (void)t;
  return syscall(SYS_memfd_create, "attack", 0);
}
static long lock_memory(const target *t) {
  (void)t;
  size_t size = 64 << 20;
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? -1 : mlock(memory, size);
}

/* To the length that it has. A file that is not seen is not reached. */
static long truncate_file(const target *t) {
  struct stat info;
  if (stat(t->path, &info) == 0) return truncate(t->path, info.st_size);
  errno = EPERM;
  return -1;
}

/* To be told what is made in a directory. A watch that is not had, for whatever reason, tells nothing. */
static long watch_directory(const target *t) {
  int fd = inotify_init1(IN_CLOEXEC);
  if (fd >= 0 && inotify_add_watch(fd, t->path, IN_CREATE | IN_MOVED_TO) >= 0) return 0;
  errno = EPERM;
  return -1;
}

/* Sockets. The path is that of a socket, without its first letter when it is an abstract one. */
static long family(int domain, int type, int protocol) { return socket(domain, type | SOCK_CLOEXEC, protocol); }
static long packet_socket(const target *t) {
  (void)t;
  return family(AF_PACKET, SOCK_RAW, htons(3));
}
static long raw_socket(const target *t) {
  (void)t;
  return family(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}
static long ping_socket(const target *t) {
  (void)t;
  return family(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
}
static long crypto_socket(const target *t) {
  (void)t;
  return family(38 /* AF_ALG */, SOCK_SEQPACKET, 0);
}
static long machine_socket(const target *t) {
  (void)t;
  return family(40 /* AF_VSOCK */, SOCK_STREAM, 0);
}
static long netlink_socket(const target *t) {
  (void)t;
  return family(AF_NETLINK, SOCK_RAW, 9 /* NETLINK_AUDIT */);
}
static long connect_unix(const target *t, int abstract, int type) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(t->path);
  if (length >= sizeof address.sun_path - 1) return -1;
  memcpy(address.sun_path + abstract, t->path, length);
  int fd = (int)family(AF_UNIX, type, 0);
  if (fd < 0) return fd;
  return connect(fd, (struct sockaddr *)&address, (socklen_t)(sizeof(sa_family_t) + (size_t)abstract + length));
}
static long abstract_socket(const target *t) { return connect_unix(t, 1, SOCK_STREAM); }
static long path_socket(const target *t) { return connect_unix(t, 0, SOCK_STREAM); }
/* A socket of a pair, which sends to an address: here to one that another pair of ours has got. */
static long socket_of_a_pair(const target *t, int domain, int type) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int length = snprintf(address.sun_path + 1, 90, "ocpu-attack-pair-%d-%d", (int)t->engine, (int)getpid());
  socklen_t size = (socklen_t)(sizeof(sa_family_t) + 1 + (size_t)length);
  int from[2], to[2];
  if (socketpair(domain, type, 0, from) < 0 || socketpair(domain, type, 0, to) < 0) return -1;
  if (bind(to[0], (struct sockaddr *)&address, size) < 0) return -1;
  return connect(from[0], (struct sockaddr *)&address, size) < 0 ? -1 : send(from[0], "x", 1, MSG_DONTWAIT);
}
static long datagram_pair(const target *t) { return socket_of_a_pair(t, AF_UNIX, SOCK_DGRAM); }
static long datagram_pair_with_flags(const target *t) {
  return socket_of_a_pair(t, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK);
}
static long raw_pair(const target *t) { return socket_of_a_pair(t, AF_UNIX, SOCK_RAW); }
static long stream_pair(const target *t) { return socket_of_a_pair(t, AF_UNIX, SOCK_STREAM); }
static long packet_pair(const target *t) { return socket_of_a_pair(t, AF_UNIX, SOCK_SEQPACKET); }
static long cluster_pair(const target *t) {
  (void)t;
  int ends[2];
  return socketpair(30 /* AF_TIPC */, SOCK_STREAM, 0, ends);
}
static long abstract_listener(const target *t) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int length = snprintf(address.sun_path + 1, 90, "ocpu-attack-%d", (int)t->engine);
  int fd = (int)family(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) return fd;
  return bind(fd, (struct sockaddr *)&address, (socklen_t)(sizeof(sa_family_t) + 1 + (size_t)length));
}
/* The number that the path ends in is the port. */
static long connect_port(const target *t, int type) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(t->path))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = (int)family(AF_INET, type, 0);
  if (fd < 0) return fd;
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) return -1;
  return send(fd, "x", 1, MSG_NOSIGNAL);
}
static long tcp(const target *t) { return connect_port(t, SOCK_STREAM); }
static long udp(const target *t) { return connect_port(t, SOCK_DGRAM); }
static long tcp_fast_open(const target *t) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(t->path))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = (int)family(AF_INET, SOCK_STREAM, 0);
  return fd < 0 ? fd : sendto(fd, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address);
}
static long tcp_multipath(const target *t) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(t->path))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = (int)family(AF_INET, SOCK_STREAM, 262 /* IPPROTO_MPTCP */);
  if (fd < 0) return fd;
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) return -1;
  return send(fd, "x", 1, MSG_NOSIGNAL);
}
static long tcp_server(const target *t) {
  (void)t;
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = (int)family(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return fd;
  return bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ? -1 : listen(fd, 1);
}
/* A socket that listens without bind() gets a port, too. */
static long tcp_server_unbound(const target *t) {
  (void)t;
  int fd = (int)family(AF_INET, SOCK_STREAM, 0);
  return fd < 0 ? fd : listen(fd, 1);
}

/* What stays. The path is a number that names it. */
static long shared_memory(const target *t) { return shmget(atoi(t->path), 4096, IPC_CREAT | 0600); }
static long semaphore(const target *t) { return semget(atoi(t->path), 1, IPC_CREAT | 0600); }
static long message_queue(const target *t) { return msgget(atoi(t->path), IPC_CREAT | 0600); }
static long posix_queue(const target *t) {
  char name[64];
  snprintf(name, sizeof name, "/ocpu-attack-%s", t->path);
  return mq_open(name, O_RDWR | O_CREAT, 0600, NULL);
}
static long posix_memory(const target *t) {
  char name[64];
  snprintf(name, sizeof name, "/ocpu-attack-%s", t->path);
  return shm_open(name, O_RDWR | O_CREAT, 0600);
}
/* The segment of the number that the path is. */
static long read_shared_memory(const target *t) {
  int id = shmget(atoi(t->path), 0, 0);
  if (id < 0) return -1;
  char *memory = shmat(id, NULL, SHM_RDONLY);
  if (memory == (void *)-1) return -1;
  snprintf(t->text, TEXT, "%s", memory);
  return 0;
}

/* Stays behind as well as a process can: of another session and group, no death signal, its own reaper, deaf to signals. */
static long stay(const target *t) {
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  if (fork() == 0) {
    prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (fork() == 0) {
      setsid();
      prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
      for (int n = 1; n < 32; n++) signal(n, SIG_IGN);
      for (int fd = 0; fd < 64; fd++) close(fd);
      execlp("sleep", "sleep", t->path, (char *)NULL);
      _exit(1);
    }
  }
  return 0;
}

static const struct {
  const char *name;
  attack *run;
} attacks[] = {
#define ATTACK(name) {#name, name}
    ATTACK(none),
    ATTACK(ptrace_victim), ATTACK(ptrace_server), ATTACK(ptrace_engine), ATTACK(ptrace_worker), ATTACK(ptrace_traceme),
    ATTACK(vm_read_server), ATTACK(vm_read_engine), ATTACK(vm_read_worker), ATTACK(vm_write_engine), ATTACK(kill_victim),
    ATTACK(kill_server), ATTACK(kill_engine), ATTACK(kill_worker), ATTACK(kill_worker_group), ATTACK(kill_all),
    ATTACK(tkill_victim), ATTACK(tgkill_victim), ATTACK(queue_signal), ATTACK(pidfd_signal), ATTACK(pidfd_get),
    ATTACK(signal_by_owner), ATTACK(compare), ATTACK(move_pages_of), ATTACK(robust_list), ATTACK(limits_of_another),
    ATTACK(affinity_of_another), ATTACK(priority_of_another), ATTACK(userfault), ATTACK(make_bpf_map), ATTACK(key_ring),
    ATTACK(key_add), ATTACK(key_request), ATTACK(io_uring), ATTACK(unshare_user), ATTACK(unshare_mounts),
    ATTACK(unshare_user_and_mounts), ATTACK(unshare_network), ATTACK(unshare_ipc), ATTACK(unshare_processes),
    ATTACK(clone_user), ATTACK(clone3_user), ATTACK(enter_namespace), ATTACK(mount_memory), ATTACK(mount_bind),
    ATTACK(mount_new), ATTACK(mount_tree), ATTACK(unmount), ATTACK(pivot), ATTACK(change_root), ATTACK(open_by_handle),
    ATTACK(perf_server), ATTACK(perf_kernel), ATTACK(perf_own), ATTACK(load_kernel), ATTACK(load_module),
    ATTACK(load_module_file), ATTACK(remove_module), ATTACK(change_personality), ATTACK(restart_machine), ATTACK(swap),
    ATTACK(host_name), ATTACK(io_ports), ATTACK(kernel_log), ATTACK(make_device), ATTACK(int_0x80), ATTACK(x32),
    ATTACK(become_root), ATTACK(become_somebody), ATTACK(root_groups), ATTACK(new_privileges), ATTACK(no_filter),
    ATTACK(raise_limits), ATTACK(before_others), ATTACK(real_time), ATTACK(first_on_disk), ATTACK(all_last_on_disk),
    ATTACK(memory_file), ATTACK(lock_memory), ATTACK(truncate_file), ATTACK(watch_directory),
    ATTACK(packet_socket), ATTACK(raw_socket), ATTACK(ping_socket), ATTACK(crypto_socket), ATTACK(machine_socket),
    ATTACK(netlink_socket), ATTACK(abstract_socket), ATTACK(path_socket), ATTACK(abstract_listener), ATTACK(datagram_pair),
    ATTACK(datagram_pair_with_flags), ATTACK(raw_pair), ATTACK(stream_pair), ATTACK(packet_pair), ATTACK(cluster_pair), ATTACK(tcp), ATTACK(udp),
    ATTACK(tcp_fast_open), ATTACK(tcp_multipath), ATTACK(tcp_server), ATTACK(tcp_server_unbound), ATTACK(shared_memory),
    ATTACK(semaphore), ATTACK(message_queue), ATTACK(posix_queue), ATTACK(posix_memory), ATTACK(read_shared_memory),
    ATTACK(stay),
};

static attack *find(const char *name) {
  for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++)
    if (!strcmp(attacks[i].name, name)) return attacks[i].run;
  return NULL;
}

/* What the child and its parent share. */
typedef struct {
  int done, value, error;
  char text[TEXT];
} outcome;

void ocpu_attack(char **name, int *numbers, char **path, int *result, char **text) {
  attack *run = find(*name);
  result[0] = -2;
  if (!run) return;
  outcome *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  target t = {numbers[0], numbers[1], numbers[2], getppid(), *path, shared->text};
  pid_t pid = fork();
  if (pid == 0) {
    errno = 0;
    long value = run(&t);
    shared->error = value < 0 ? errno : 0;
    shared->value = (int)(value < 0 ? -1 : value & 0x7fffffff);
    shared->done = 1;
    _exit(0);
  }
  int status = 0;
  if (pid > 0) waitpid(pid, &status, 0);
  result[0] = shared->done ? shared->value : -1;
  result[1] = shared->error;
  result[2] = pid < 0 ? -1 : WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  snprintf(*text, TEXT, "%s", shared->text);
  munmap(shared, sizeof *shared);
}

/* What engines and their workers tell each other by. */
static int is_channel(int fd) {
  struct stat info;
  int type = 0;
  socklen_t length = sizeof type;
  if (fstat(fd, &info) < 0) return 0;
  return S_ISFIFO(info.st_mode) || (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_DGRAM);
}

/* What a worker was left holding. 32-bit numbers are written to every channel: a worker that tells its engine, or its server, what it
 * likes. */
void ocpu_write_channels(int *words, int *count, int *written) {
  *written = 0;
  for (int fd = 3; fd < 1024; fd++)
    if (is_channel(fd) && write(fd, words, sizeof *words * (size_t)*count) > 0) ++*written;
}

void ocpu_write_text(char **text, int *written) {
  *written = 0;
  for (int fd = 3; fd < 1024; fd++)
    if (is_channel(fd) && write(fd, *text, strlen(*text)) > 0) ++*written;
}

/* Shuts down every socket but the last, which is the worker's own. */
void ocpu_shut_sockets(int *shut) {
  int last = -1;
  *shut = 0;
  for (int fd = 3; fd < 1024; fd++) {
    struct stat info;
    if (fstat(fd, &info) < 0 || !S_ISSOCK(info.st_mode)) continue;
    if (last >= 0 && shutdown(last, SHUT_RDWR) == 0) ++*shut;
    last = fd;
  }
}

/* Answers in place of the worker: a frame whose lengths need not be true. */
void ocpu_forge(double *lengths, char **header, char **body, int *sent) {
  char prefix[12];
  uint32_t header_length = (uint32_t)lengths[0];
  uint64_t body_length = (uint64_t)lengths[1];
  memcpy(prefix, &header_length, 4);
  memcpy(prefix + 4, &body_length, 8);
  *sent = 0;
  for (int fd = 3; fd < 1024; fd++) {
    struct stat info;
    if (fstat(fd, &info) < 0 || !S_ISSOCK(info.st_mode)) continue;
    struct iovec parts[] = {{prefix, sizeof prefix}, {*header, strlen(*header)}, {*body, strlen(*body)}};
    if (writev(fd, parts, 3) > 0) ++*sent;
  }
}

/* Replaces a file by a link, over and over, as long as it can, in a process of its own. */
void ocpu_swap(char **file, char **target_path, int *process) {
  *process = fork();
  if (*process != 0) return;
  setsid();
  char link[4096];
  snprintf(link, sizeof link, "%s.swap", *file);
  for (long round = 0; round < 20000000; round++) {
    struct stat info;
    if (lstat(*file, &info) < 0 || S_ISLNK(info.st_mode)) continue;
    unlink(link);
    if (symlink(*target_path, link) == 0) rename(link, *file);
  }
  _exit(0);
}

/* The newest Landlock that the kernel has, 0 without. */
void ocpu_landlock(int *abi) {
  long version = syscall(444, NULL, 0, 1);
  *abi = version < 0 ? 0 : (int)version;
}

/* 1 where the kernel can filter system calls. */
void ocpu_seccomp(int *there) { *there = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0; }

/* Removes what attacks left: the number of things there were. */
void ocpu_clean(char **number, int *left) {
  char name[64];
  int key = atoi(*number), id;
  snprintf(name, sizeof name, "/ocpu-attack-%s", *number);
  *left = 0;
  if ((id = shmget(key, 0, 0)) >= 0) *left += shmctl(id, IPC_RMID, NULL) == 0;
  if ((id = semget(key, 0, 0)) >= 0) *left += semctl(id, 0, IPC_RMID) == 0;
  if ((id = msgget(key, 0)) >= 0) *left += msgctl(id, IPC_RMID, NULL) == 0;
  *left += mq_unlink(name) == 0;
  *left += shm_unlink(name) == 0;
}

/* Plants a segment that only this user may read. */
void ocpu_plant(char **number, char **secret) {
  int id = shmget(atoi(*number), 4096, IPC_CREAT | 0600);
  char *memory = shmat(id, NULL, 0);
  if (memory != (void *)-1) snprintf(memory, 4096, "%s", *secret);
}
