## userfaultfd | SECCOMP
call("userfault")

## bpf | SECCOMP
call("make_bpf_map")

## keyctl | SECCOMP
call("key_ring")

## add_key | SECCOMP
call("key_add")

## request_key | SECCOMP
call("key_request")

## io_uring_setup | SECCOMP
call("io_uring")

## unshare users | SECCOMP
call("unshare_user")

## unshare mounts | SECCOMP
call("unshare_mounts")

## unshare users and mounts | SECCOMP
call("unshare_user_and_mounts")

## unshare the network | SECCOMP
call("unshare_network")

## unshare ipc | SECCOMP
call("unshare_ipc")

## unshare processes | SECCOMP
call("unshare_processes")

## unshare by a command | SECCOMP
grepl("inside", shell("unshare --user --map-root-user echo inside"))

## clone into a user namespace | SECCOMP
call("clone_user")

## clone3 into a user namespace | SECCOMP
call("clone3_user")

## setns | SECCOMP
call("enter_namespace")

## mount memory | SECCOMP
call("mount_memory")

## mount a directory | SECCOMP
call("mount_bind")

## fsopen | SECCOMP
call("mount_new")

## open_tree | SECCOMP
call("mount_tree")

## umount | SECCOMP
call("unmount")

## pivot_root | SECCOMP
call("pivot")

## chroot | SECCOMP
call("change_root")

## perf events of the server | SECCOMP
call("perf_server")

## perf events of the kernel | SECCOMP
call("perf_kernel")

## perf events of its own | SECCOMP
call("perf_own")

## kexec_load | SECCOMP
call("load_kernel")

## init_module | SECCOMP
call("load_module")

## finit_module | SECCOMP
call("load_module_file")

## delete_module | SECCOMP
call("remove_module")

## personality | SECCOMP
call("change_personality")

## reboot | SECCOMP
call("restart_machine")

## swapon | SECCOMP
call("swap")

## sethostname | SECCOMP
call("host_name")

## iopl | SECCOMP
call("io_ports")

## the kernel's log | SECCOMP
call("kernel_log")

## a device file | LANDLOCK USERS
call("make_device")

## unshare as an i386 call | SECCOMP
call("int_0x80")

## unshare as an x32 call | SECCOMP
call("x32")

## become root | USERS
call("become_root")

## become somebody else | USERS
call("become_somebody")

## root's groups | USERS
call("root_groups")

## take back no_new_privs | ALWAYS
call("new_privileges")

## take back the filter | SECCOMP
call("no_filter")

## still be root | USERS
identical(shell("id -u"), "0")

## raise limits | ALWAYS
call("raise_limits")

## raise limits by a shell | ALWAYS
identical(shell("ulimit -c unlimited && ulimit -c"), "unlimited")

## priority before others | USERS SECCOMP
call("before_others")

## real time priority | USERS SECCOMP
call("real_time")

## real time priority on the disk | USERS SECCOMP
call("first_on_disk")

## everything of its user behind others on the disk | SECCOMP
call("all_last_on_disk")

## memory that is in no address space | SECCOMP
call("memory_file")

## lock memory | USERS SECCOMP
call("lock_memory")

## be spared when memory is out | USERS
cat("-500", file = "/proc/self/oom_score_adj")
identical(lines("/proc/self/oom_score_adj"), "-500")

## leave its control group | LANDLOCK USERS
groups <- Sys.glob(c("/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/*/cgroup.procs"))
any(vapply(groups, function(group) tryCatch({
  cat("0", file = group)
  TRUE
}, error = function(e) FALSE), NA))

## the kernel's settings | LANDLOCK USERS
setting <- "/proc/sys/kernel/domainname"
cat(lines(setting), file = setting)
TRUE

## SysRq | LANDLOCK USERS
cat("", file = "/proc/sysrq-trigger")
TRUE

## packet sockets | SECCOMP USERS
call("packet_socket")

## raw sockets | SECCOMP USERS
call("raw_socket")

## crypto sockets | SECCOMP
call("crypto_socket")

## sockets to the host of a virtual machine | SECCOMP
call("machine_socket")

## netlink sockets of the audit system | SECCOMP
call("netlink_socket")

## an abstract socket of another process | SECCOMP SCOPES
call("abstract_socket", t$abstract)

## a socket of another process | SECCOMP LANDLOCK USERS
call("path_socket", t$socket)

## the sockets of engines | SECCOMP USERS
any(vapply(t$engines, function(path) startsWith(call("path_socket", path), "TRUE"), NA))

## an address by a pair of datagram sockets | SECCOMP
call("datagram_pair")

## an address by a pair of datagram sockets with flags | SECCOMP
call("datagram_pair_with_flags")

## an address by a pair of raw sockets | SECCOMP
call("raw_pair")

## an address by a pair of stream sockets | ALWAYS
call("stream_pair")

## an address by a pair of packet sockets | ALWAYS
call("packet_pair")

## a pair of sockets of a cluster | SECCOMP
call("cluster_pair")

## listen on an abstract socket | SECCOMP
call("abstract_listener")

## a System V segment of the server's user | USERS SECCOMP
call("read_shared_memory", t$segment)
