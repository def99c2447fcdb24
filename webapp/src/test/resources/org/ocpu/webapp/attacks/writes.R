## the data directory | LANDLOCK USERS
written(file.path(t$data, "ocpu-attack"))

## the configuration | LANDLOCK USERS
connection <- file(t$conf, "a")
close(connection)
TRUE

## the hash of the admin token | LANDLOCK USERS
connection <- file(t$hash, "a")
close(connection)
TRUE

## the database | LANDLOCK USERS
connection <- file(t$database, "ab")
close(connection)
TRUE

## another session | LANDLOCK USERS
written(file.path(t$session, "files", "ocpu-attack"))

## another session's object | LANDLOCK USERS
connection <- file(file.path(t$session, "R.secret.rds"), "ab")
close(connection)
TRUE

## a session with a key of its own choice | LANDLOCK USERS
made <- dir.create(path <- file.path(t$sessions, "x0ff", "x0ffffffffffffffffffffffffff"), recursive = TRUE)
unlink(dirname(path), recursive = TRUE)
made

## another request's directory | LANDLOCK USERS
written(file.path(t$workerdirectory, "ocpu-attack"))

## where requests' directories are | LANDLOCK USERS
written(file.path(t$work, "ocpu-attack"))

## beside its own directory | LANDLOCK USERS
written(file.path(dirname(dirname(dirname(getwd()))), "ocpu-attack"))

## another app | LANDLOCK USERS
written(file.path(dirname(t$app), "ocpu-attack"))

## each library | LANDLOCK USERS
any(vapply(file.path(.libPaths(), "ocpu-attack"), written, NA))

## R's own library | LANDLOCK USERS
written(file.path(R.home("library"), "ocpu-attack"))

## R's start-up files | LANDLOCK USERS
written(file.path(R.home("etc"), "ocpu-attack"))

## the engine's package | LANDLOCK USERS
written(file.path(getNamespaceInfo("ocpu.worker", "path"), "ocpu-attack"))

## /tmp | LANDLOCK
written(sprintf("/tmp/ocpu-attack-%d", t$server))

## /var/tmp | LANDLOCK
written(sprintf("/var/tmp/ocpu-attack-%d", t$server))

## /dev/shm | LANDLOCK
written(sprintf("/dev/shm/ocpu-attack-%d", t$server))

## /usr | LANDLOCK USERS
written("/usr/ocpu-attack")

## /etc | LANDLOCK USERS
written("/etc/ocpu-attack")

## /etc/cron.d | LANDLOCK USERS
dir.exists("/etc/cron.d") && written("/etc/cron.d/ocpu-attack")

## /root | LANDLOCK USERS
written("/root/ocpu-attack")

## the home directory of the server's user | LANDLOCK USERS
written(file.path(t$home, "ocpu-attack"))

## /var/lib, /run and /opt | LANDLOCK USERS
any(vapply(file.path(c("/var/lib", "/run", "/opt", "/var/spool", "/var/cache", "/run/lock"), "ocpu-attack"), written, NA))

## everywhere a shell can | LANDLOCK
places <- strsplit(shell("find / -xdev -maxdepth 5 -type d -writable -not -path '/proc/*' 2>/dev/null | head -3000"), "\n")[[1]]
own <- dirname(dirname(normalizePath(getwd())))
places <- places[!startsWith(places, own)]
places <- places[vapply(file.path(places, "ocpu-attack"), written, NA)]
if (length(places)) TRUE else FALSE

## a file outside by a symbolic link | LANDLOCK USERS
file.symlink(file.path(t$data, "ocpu-attack"), "out")
done <- written("out")
unlink(c("out", file.path(t$data, "ocpu-attack")))
done

## a file outside by a hard link | LANDLOCK USERS
if (!file.link(t$outside, "hard")) stop("no link")
connection <- file("hard", "a")
close(connection)
unlink("hard")
TRUE

## a file outside by chmod | SECCOMP USERS
Sys.chmod(t$outside, "644")
identical(format(file.mode(t$outside)), "644")

## a file outside by its times | SECCOMP USERS
Sys.setFileTime(t$outside, as.POSIXct(1e6, origin = "1970-01-01"))
isTRUE(as.numeric(file.mtime(t$outside)) == 1e6)

## the server's own package by an open file | SECCOMP USERS
path <- file.path(getNamespaceInfo("ocpu.worker", "path"), "DESCRIPTION")
shell(sprintf("perl -e 'open(F, q(<), q(%s)) or die; chmod(0600, *F)'", path))
identical(format(file.mode(path)), "600")

## the data directory closed to the server | SECCOMP USERS
before <- file.mode(t$sessions)
Sys.chmod(t$sessions, "000")
after <- file.mode(t$sessions)
Sys.chmod(t$sessions, before)
isTRUE(after == 0L)

## a file outside by truncation | LANDLOCK USERS
connection <- file(t$spare, "r+")
close(connection)
TRUE

## a file outside by truncation of its path | LANDLOCK SECCOMP USERS
call("truncate_file", t$spare)

## removal of a file outside | LANDLOCK USERS
file.remove(t$removable)

## moving its own directory out | LANDLOCK USERS
dir.create("mine")
moved <- file.rename("mine", file.path(t$data, "ocpu-attack"))
unlink(c("mine", file.path(t$data, "ocpu-attack")), recursive = TRUE)
moved

## replacing its own working directory | LANDLOCK USERS
own <- dirname(dirname(getwd()))
moved <- file.rename(own, paste0(own, "-attack"))
if (moved) file.rename(paste0(own, "-attack"), own)
moved

## its arguments | LANDLOCK USERS
inside <- file.path(dirname(dirname(getwd())), "in")
dir.exists(inside) && written(file.path(inside, "ocpu-attack"))

## a set-user-id program | USERS
file.copy("/usr/bin/id", "id")
Sys.chmod("id", "4755")
set <- bitwAnd(as.integer(file.mode("id")), strtoi("4000", 8L)) > 0 && file.info("id")$uid == 0
unlink("id")
isTRUE(set)
