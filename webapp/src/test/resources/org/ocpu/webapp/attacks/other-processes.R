## the environment of the server | USERS SECCOMP SCOPES
bytes(sprintf("/proc/%d/environ", t$server))

## the environment of the victim | USERS SCOPES
bytes(sprintf("/proc/%d/environ", t$victim))

## the environment of another worker | USERS SCOPES
nchar(bytes(sprintf("/proc/%d/environ", t$worker))) > 0

## the environment of the engine | USERS SCOPES
nchar(bytes(sprintf("/proc/%s/environ", strsplit(lines("/proc/self/stat"), " ")[[1]][4]))) > 0

## its own first environment, which is the engine's | ALWAYS
bytes("/proc/self/environ")

## its own environment | ALWAYS
paste(Sys.getenv(), collapse = "\n")

## the environment of every process | USERS SCOPES
any(vapply(Sys.glob("/proc/[0-9]*/environ"), function(file) {
  grepl("OCPU_SECRET=", tryCatch(bytes(file), error = function(e) ""), useBytes = TRUE)
}, NA))

## the memory of the server | USERS SCOPES
connection <- file(sprintf("/proc/%d/mem", t$server), "rb", raw = TRUE)
close(connection)
TRUE

## the memory of another worker | USERS SCOPES
connection <- file(sprintf("/proc/%d/mem", t$worker), "rb", raw = TRUE)
close(connection)
TRUE

## the memory of the engine, to write | USERS SCOPES
connection <- file(sprintf("/proc/%s/mem", strsplit(lines("/proc/self/stat"), " ")[[1]][4]), "r+b", raw = TRUE)
close(connection)
TRUE

## the memory map of the server | USERS SCOPES
nchar(lines(sprintf("/proc/%d/maps", t$server))) > 0

## the open files of the server | USERS
length(list.files(sprintf("/proc/%d/fd", t$server))) > 0

## the secret by the server's root | LANDLOCK USERS SCOPES
lines(sprintf("/proc/%d/root%s", t$server, t$conf))

## the secret by another worker's directory | LANDLOCK USERS SCOPES
lines(sprintf("/proc/%d/cwd/secret.txt", t$worker))

## the secret by the server's open files | LANDLOCK USERS SCOPES
length(readBin(Sys.glob(sprintf("/proc/%d/fd/*", t$server))[5], "raw", 1L)) > 0

## trace the victim | SECCOMP USERS SCOPES
call("ptrace_victim")

## trace the server | SECCOMP USERS SCOPES
call("ptrace_server")

## trace the engine | SECCOMP USERS SCOPES
call("ptrace_engine")

## trace another worker | SECCOMP USERS SCOPES
call("ptrace_worker")

## be traced | SECCOMP
call("ptrace_traceme")

## read the server's memory by process_vm_readv | SECCOMP USERS SCOPES
call("vm_read_server")

## read the engine's memory by process_vm_readv | SECCOMP USERS SCOPES
call("vm_read_engine")

## read another worker's memory by process_vm_readv | SECCOMP USERS SCOPES
call("vm_read_worker")

## write the engine's memory by process_vm_writev | SECCOMP USERS SCOPES
call("vm_write_engine")

## signal the victim | SCOPES USERS
call("kill_victim")

## signal the victim by R | SCOPES USERS
tools::pskill(t$victim, 18L)

## signal the victim by a shell | SCOPES USERS
identical(shell(sprintf("kill -CONT %d && echo sent", t$victim)), "sent")

## signal the server | SCOPES USERS
call("kill_server")

## signal the engine | SCOPES USERS
call("kill_engine")

## signal another worker | SCOPES USERS
call("kill_worker")

## signal another worker's group | SCOPES USERS
call("kill_worker_group")

## signal everybody | SCOPES USERS
call("kill_all")

## signal by tkill | SCOPES USERS
call("tkill_victim")

## signal by tgkill | SCOPES USERS
call("tgkill_victim")

## signal by sigqueue | SCOPES USERS
call("queue_signal")

## signal by a process descriptor | SCOPES USERS
call("pidfd_signal")

## signal by the owner of a file | SCOPES USERS
call("signal_by_owner")

## take the server's descriptors | SECCOMP USERS SCOPES
call("pidfd_get")

## compare with the engine by kcmp | SECCOMP USERS SCOPES
call("compare")

## move the server's pages | SECCOMP USERS SCOPES
call("move_pages_of")

## ask for the server's locks | SECCOMP USERS SCOPES
call("robust_list")

## change the limits of another worker | SECCOMP USERS
call("limits_of_another")

## change the processors of another worker | SECCOMP USERS
call("affinity_of_another")

## change the priority of another worker | SECCOMP USERS
call("priority_of_another")

## make the server the first to be killed | USERS SCOPES
written_before <- lines(sprintf("/proc/%d/oom_score_adj", t$server))
cat(written_before, file = sprintf("/proc/%d/oom_score_adj", t$server))
TRUE
