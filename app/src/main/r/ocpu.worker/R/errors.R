# Errors: those of the API, which carry a status, and R's, which carry a call and the calls that led to it.

# Stops with an error that carries the HTTP status to answer with.
fail <- function(status, ...) {
  stop(structure(class = c("ocpu_failure", "error", "condition"), list(message = paste0(...), call = NULL, status = status)))
}

# The reply to an error outside of what a call evaluates.
failure <- function(condition, settings = NULL) {
  status <- if (inherits(condition, "ocpu_failure")) condition$status else 400L
  list(status = status, error = error_text(condition, settings))
}

# An error's message, its call, and the calls from the API's down to it, as far as the settings want them.
error_text <- function(condition, settings = NULL, calls = NULL) {
  call <- condition_call(condition)
  message <- condition_message(condition)
  paste(c(
    message,
    likely_limit(message, settings),
    if (!is.null(call) && !isFALSE(settings[["showcall"]])) with_heading("In call:", call_lines(call)),
    if (!isFALSE(settings[["backtrace"]])) with_heading("Backtrace:", backtrace(user_calls(calls)))
  ), collapse = "\n")
}

# R does not say which limit it ran into: the one that the server sets.
likely_limit <- function(message, settings) {
  if (is.null(settings[["memory"]])) {
    NULL
  } else if (grepl("^cannot allocate", message)) {
    sprintf("A process may have rlimit.as = %.0f bytes of memory on this server.", settings[["memory"]])
  } else if (grepl("unable to fork|cannot popen|Cannot fork", message)) {
    sprintf("A request may have rlimit.nproc = %.0f processes on this server.", settings[["processes"]])
  }
}

# A call can hold objects that R cannot show, such as those of a class that is not loaded.
call_lines <- function(call) {
  tryCatch(deparse(call, nlines = 20L), error = function(problem) NULL)
}

# The call that failed, unless it is this package's own.
condition_call <- function(condition) {
  call <- tryCatch(conditionCall(condition), error = function(problem) NULL)
  if (is.call(call) && !is_scaffold(call) && !is_own(call)) call
}

is_own <- function(call) {
  is.name(call[[1]]) && exists(as.character(call[[1]]), envir = topenv(), inherits = FALSE)
}

with_heading <- function(heading, lines) {
  if (length(lines)) c("", heading, lines)
}

# Conditions may be of any class and hold anything, so nothing is sure about their messages.
condition_message <- function(condition) {
  message <- tryCatch(conditionMessage(condition), error = function(problem) NULL)
  if (!is.character(message) || !length(message)) {
    message <- paste("A condition without a message, of class", paste(class(condition), collapse = ", "))
  }
  valid_text(paste(enc2utf8(message), collapse = "\n"))
}

# Bytes that are not UTF-8 as <xx>: R's own functions refuse such strings.
valid_text <- function(text) {
  if (all(validUTF8(text))) text else iconv(text, "UTF-8", "UTF-8", sub = "byte")
}

# What R's messages say about files, without where this server keeps them.
hide_paths <- function(text, request) {
  text <- hide_directory(text, request)
  for (path in c(unlist(request[["sessions"]]), .libPaths())) text <- gsub(paste0(path, "/"), "", text, fixed = TRUE)
  text
}

# Text without the request's own directory, which nobody else can know or use.
hide_directory <- function(text, request) {
  directory <- request[["directory"]]
  if (!any(grepl(directory, text, fixed = TRUE))) return(text)
  own <- c(file.path(directory, c("session/files", "tmp")), directory)
  for (path in own) text <- gsub(paste0(path, "/"), "", text, fixed = TRUE)
  text
}

backtrace_lines <- 30L
backtrace_width <- 100L

# One line a call, numbered from the outermost. Of very many, the outermost and the innermost.
backtrace <- function(calls) {
  if (!length(calls)) return(NULL)
  kept <- seq_along(calls)
  if (length(calls) > backtrace_lines) {
    half <- backtrace_lines %/% 2L
    kept <- c(seq_len(half), seq.int(length(calls) - half + 1L, length(calls)))
  }
  lines <- paste0(format(kept), ". ", vapply(calls[kept], one_line, ""))
  if (length(kept) < length(calls)) lines <- append(lines, "   ...", after = half)
  lines
}

one_line <- function(call) {
  text <- gsub("[ \t]+", " ", paste(deparse(call, nlines = 10L), collapse = " "))
  if (nchar(text) > backtrace_width) paste0(substr(text, 1L, backtrace_width - 3L), "...") else text
}

# The calls that stand between this package and what it evaluates.
scaffold <- list(
  quote(withVisible(eval(expr, envir, enclos))), quote(eval(expr, envir, enclos)), quote(print_value(outcome$value))
)

# Where R, and rlang, hand an error to handlers.
signalling <- list(quote(.handleSimpleError), quote(signal_abort))

is_scaffold <- function(call) any(vapply(scaffold, identical, NA, call))

# Of R's stack at an error, what was evaluated: without this package's calls and those that signal and handle the error.
user_calls <- function(calls) {
  calls <- as.list(calls)
  ours <- vapply(calls, is_scaffold, NA)
  if (!any(ours)) return(list())
  calls <- calls[-seq_len(which(ours)[[1]])]
  while (length(calls) && is_scaffold(calls[[1]])) calls <- calls[-1]
  handled <- which(vapply(calls, function(call) list(call[[1]]) %in% signalling, NA))
  calls <- utils::head(calls, if (length(handled)) handled[[1]] - 1L else -1L)
  if (length(calls) && identical(calls[[length(calls)]][[1]], quote(stop))) calls[-length(calls)] else calls
}
