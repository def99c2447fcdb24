# What attacks are written with. t names their targets; each attack is R code whose value tells how it went: TRUE when it succeeded,
# or text that is searched for what was hidden.
suppressWarnings({
  bytes <- function(path) paste(rawToChar(Filter(function(b) b != 0, readBin(path, "raw", 20000L))), collapse = "")
  lines <- function(path) paste(readLines(path, 2000L, warn = FALSE), collapse = "\n")
  shell <- function(command) paste(system(paste(command, "2>/dev/null"), intern = TRUE, ignore.stderr = TRUE), collapse = "\n")
  # Whether a file could be made there, which is removed again.
  written <- function(path) {
    try(cat("attack", file = path), silent = TRUE)
    there <- isTRUE(file.size(path) > 0)
    unlink(path)
    there
  }
  # A system call of attack.c: it succeeded unless the kernel would not do it for the likes of us.
  call <- function(name, path = "") {
    done <- .C("ocpu_attack", name, as.integer(c(t$victim, t$server, t$worker)), as.character(path), integer(3), strrep(" ", 4096L))
    result <- done[[4]]
    if (result[1] == -2L) stop("There is no attack ", name)
    if (result[3] == -1L) stop("There is no process to attack from")
    refused <- result[3] != 0L || (result[1] < 0L && result[2] %in% c(1L, 13L, 38L, 93L, 94L, 97L))
    if (refused) "refused" else if (result[1] >= 0L || result[2] %in% t$reached) paste("TRUE", done[[5]]) else "not done"
  }
  t$reached <- c(2L, 9L, 14L, 22L, 8L, 126L) # errors of calls that came as far as to look at their arguments, and saw the process
  if (!is.loaded("ocpu_attack")) {
    library <- tempfile(fileext = ".so")
    writeBin(jsonlite::base64_dec(t$code), library)
    dyn.load(library)
  }
  stopifnot(is.loaded("ocpu_attack"), startsWith(call("none"), "TRUE")) # or those in C would only seem to fail
  # Each attack has names of its own for what it leaves behind.
  attempt <- function(code, number) {
    t$sleep <- sprintf("%s%02d", t$marker, number)
    t$key <- t$keys + number
    place <- getwd()
    on.exit(setwd(place))
    parsed <- parse(text = code)
    value <- suppressMessages(suppressWarnings(try(eval(parsed, new.env()), silent = TRUE)))
    if (inherits(value, "try-error")) return(paste("error:", substr(value, 1L, 500L)))
    if (isTRUE(value)) "TRUE" else substr(paste(format(unlist(value)), collapse = "\n"), 1L, 20000L)
  }
})
