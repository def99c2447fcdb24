## TCP by R | NETWORK
connection <- socketConnection("127.0.0.1", as.integer(t$port), open = "r+", blocking = TRUE, timeout = 3)
lines <- readLines(connection, 1L)
close(connection)
identical(lines, "hello")

## HTTP by R | NETWORK
grepl("ocpu", paste(readLines(url(paste0(t$address, "/ocpu/info")), warn = FALSE), collapse = ""))

## HTTP by a command | NETWORK
nchar(shell(paste0("curl -s -m 3 ", t$address, "/ocpu/info"))) > 0

## TCP | NETWORK
call("tcp", t$port)

## TCP by sendto | NETWORK
call("tcp_fast_open", t$port)

## multipath TCP | NETWORK
call("tcp_multipath", t$port)

## UDP | NETWORK
call("udp", t$port)

## ping | NETWORK
call("ping_socket")

## listening | NETWORK
call("tcp_server")

## listening without bind | NETWORK
call("tcp_server_unbound")

## listening by R | NETWORK
connection <- serverSocket(0L)
close(connection)
TRUE
