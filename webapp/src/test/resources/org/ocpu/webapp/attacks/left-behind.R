## a background process | ALWAYS
system(paste("sleep", t$sleep), wait = FALSE)
"looked at later"

## a session of its own | ALWAYS
system(paste("setsid sleep", t$sleep, "&"))
"looked at later"

## twice forked | ALWAYS
system(paste0("(setsid sh -c 'trap \"\" HUP TERM INT; sleep ", t$sleep, " & wait' &) &"))
"looked at later"

## nohup with other groups | ALWAYS
system(paste0("nohup setsid nohup sleep ", t$sleep, " >/dev/null 2>&1 </dev/null &"))
"looked at later"

## stopped | ALWAYS
system(paste0("sh -c 'sleep ", t$sleep, " & kill -STOP $!' &"))
"looked at later"

## deaf to signals, its own reaper, without death signal | ALWAYS
call("stay", t$sleep)
"looked at later"

## by parallel | ALWAYS
job <- parallel::mcparallel(system(paste("sleep", t$sleep)), detached = TRUE)
"looked at later"

## one that starts another, over and over | ALWAYS
system(paste0("sh -c 'n=0; hop() { n=$((n + 1)); sleep 0.01; test $n -lt 500 && hop & }; hop; : ", t$sleep, "' &"))
"looked at later"

## a System V segment | ALWAYS
call("shared_memory", t$key)
"looked at later"

## a System V semaphore | ALWAYS
call("semaphore", t$key)
"looked at later"

## a System V message queue | ALWAYS
call("message_queue", t$key)
"looked at later"

## a POSIX message queue | ALWAYS
call("posix_queue", t$key)
"looked at later"

## a POSIX segment | ALWAYS
call("posix_memory", t$key)
"looked at later"
