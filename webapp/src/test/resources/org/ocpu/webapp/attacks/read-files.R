## the password hashes of the machine | USERS
lines("/etc/shadow")

## the password hashes of the machine by cat | USERS
shell("cat /etc/shadow")

## what else is in /etc | SETTINGS
any(vapply(c("/etc/fstab", "/etc/login.defs", "/etc/shells", "/etc/profile"), function(path) {
  isTRUE(try(nchar(lines(path)) > 0L, silent = TRUE))
}, NA))

## the configuration | LANDLOCK USERS
lines(t$conf)

## the configuration by a child process | LANDLOCK USERS
shell(paste("cat", t$conf))

## the configuration by a path with dots | LANDLOCK USERS
lines(file.path(t$data, "logs", "..", basename(t$conf)))

## the configuration by a relative path | LANDLOCK USERS
lines(paste0(strrep("../", 40), sub("^/", "", t$conf)))

## the configuration after setwd | LANDLOCK USERS
setwd(t$data)
lines(basename(t$conf))

## the configuration through /proc/self/root | LANDLOCK USERS
lines(paste0("/proc/self/root", t$conf))

## the configuration through /proc/self/cwd | LANDLOCK USERS
lines(paste0("/proc/self/cwd/", strrep("../", 40), sub("^/", "", t$conf)))

## the configuration through /proc/thread-self/root | LANDLOCK USERS
lines(paste0("/proc/thread-self/root", t$conf))

## the configuration by a symbolic link | LANDLOCK USERS
file.symlink(t$conf, "conf-link")
text <- try(lines("conf-link"), silent = TRUE)
unlink("conf-link")
text

## the configuration by a symbolic link to its directory | LANDLOCK USERS
file.symlink(t$data, "data-link")
text <- try(lines(file.path("data-link", basename(t$conf))), silent = TRUE)
unlink("data-link")
text

## the configuration by a hard link | LANDLOCK USERS
file.link(t$conf, "conf-hard")
text <- try(lines("conf-hard"), silent = TRUE)
unlink("conf-hard")
text

## the configuration by moving it here | LANDLOCK USERS
moved <- file.rename(t$spare, "moved")
text <- try(lines("moved"), silent = TRUE)
if (moved) file.rename("moved", t$spare)
text

## the configuration by copying it | LANDLOCK USERS
file.copy(t$conf, "copied")
text <- try(lines("copied"), silent = TRUE)
unlink("copied")
text

## the configuration by a file handle | USERS
call("open_by_handle", t$conf)

## the configuration as an archive | LANDLOCK USERS
utils::tar("all.tar", t$conf, tar = "internal")
text <- try(bytes("all.tar"), silent = TRUE)
unlink("all.tar")
text

## the configuration by source and its error | LANDLOCK USERS
conditionMessage(tryCatch(source(t$conf), error = identity))

## the configuration as a file:// address | LANDLOCK USERS
lines(url(paste0("file://", t$conf)))

## the configuration by download.file | LANDLOCK USERS
utils::download.file(paste0("file://", t$conf), "got", quiet = TRUE)
text <- try(lines("got"), silent = TRUE)
unlink("got")
text

## the secret of webhooks | LANDLOCK USERS
lines(t$webhook)

## the hash of the admin token | LANDLOCK USERS
grepl("^[0-9a-f]{64}", lines(t$hash))

## the database | LANDLOCK USERS
length(readBin(t$database, "raw", 100L)) > 0

## the logs | LANDLOCK USERS
length(readBin(t$log, "raw", 100L)) > 0

## what is in the data directory | LANDLOCK USERS
any(c("ocpu.conf", "db", "sessions") %in% list.files(t$data))

## the keys of sessions | LANDLOCK USERS
any(grepl("^x0", list.files(t$sessions, recursive = TRUE)))

## another session's objects | LANDLOCK USERS
paste(readRDS(file.path(t$session, "R.secret.rds")))

## another session's files | LANDLOCK USERS
lines(file.path(t$session, "files", "secret.txt"))

## another session's output | LANDLOCK USERS
lines(file.path(t$session, "texts.json"))

## another session after setwd | LANDLOCK USERS
setwd(file.path(t$session, "files"))
lines("secret.txt")

## another app's files | LANDLOCK
lines(t$app)

## another app's code | LANDLOCK
loadNamespace("other", lib.loc = t$applibrary)$secret()

## another request's files | LANDLOCK USERS
lines(file.path(t$workerdirectory, "secret.txt"))

## what other requests there are | LANDLOCK USERS
any(grepl("secret.txt", list.files(t$work, recursive = TRUE, all.files = TRUE)))

## a file of the server's user | LANDLOCK USERS
lines(t$outside)

## the command lines of the server | USERS
grepl("org.ocpu.webapp.Main", bytes(sprintf("/proc/%d/cmdline", t$server)))

## directories that a descriptor was left open on | ALWAYS
descriptors <- list.files("/proc/self/fd", full.names = TRUE)
open <- Filter(function(to) !is.na(to) && startsWith(to, t$data), Sys.readlink(descriptors))
any(!startsWith(open, dirname(dirname(getwd()))))

## the secret of webhooks by a directory's descriptor | LANDLOCK USERS
text <- lapply(Filter(dir.exists, list.files("/proc/self/fd", full.names = TRUE)), function(fd) {
  try(lines(file.path(fd, strrep("../", 40), sub("^/", "", t$webhook))), silent = TRUE)
})
paste(text)

## block devices | USERS
devices <- Sys.glob(c("/dev/sd*", "/dev/vd*", "/dev/nvme*", "/dev/xvd*", "/dev/mapper/*"))
any(vapply(devices, function(device) length(readBin(device, "raw", 16L)) > 0, NA))

## the machine's memory | USERS
length(readBin("/dev/kmsg", "raw", 1L)) > 0

## the keys of the server's user | LANDLOCK USERS
length(list.files(path.expand(t$home), all.files = TRUE, no.. = TRUE)) > 0

## the keys of sessions that others make | SECCOMP USERS
any(vapply(c(t$sessions, dirname(t$session)), function(path) startsWith(call("watch_directory", path), "TRUE"), NA))
