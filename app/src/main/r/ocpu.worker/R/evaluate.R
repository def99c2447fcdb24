# Evaluates one call and records what a reader at R's prompt would have seen, in order: a list of results, each
# list(type =, value =), where type is "source", "text", "message", "warning", "error" or "plot". What evaluate() of the package of
# that name does for whole scripts, touching less memory: in a forked worker every page touched is a page copied.

# What is being recorded; hooks of the graphics system find it here.
recording <- new.env(parent = emptyenv())

record <- function(type, value) {
  recording$results[[length(recording$results) + 1L]] <- list(type = type, value = value)
}

# Returns list(results, error): error is the condition that ended the call, or NULL. The value is assigned to .val.
evaluate_code <- function(code, environment) {
  recording$results <- list()
  recording$output <- rawConnection(raw(), "r+")
  recording$taken <- 0L
  record("source", paste(deparse(code), collapse = "\n"))
  if (grDevices::dev.cur() == 1L) null_device()
  sink(recording$output)
  problem <- run(code, environment)
  while (sink.number() > 0L) sink()
  take_text()
  take_plot()
  close(recording$output)
  if (!is.null(problem)) record("error", problem)
  list(results = recording$results, error = problem)
}

# The condition that ended the evaluation, NULL when nothing did.
run <- function(code, environment) {
  tryCatch(
    withCallingHandlers(
      {
        outcome <- withVisible(eval(code, environment))
        assign(".val", outcome$value, envir = environment)
        if (outcome$visible) print_value(outcome$value)
        NULL
      },
      message = take_message,
      warning = take_warning
    ),
    error = identity,
    interrupt = identity
  )
}

take_message <- function(condition) {
  take_text()
  record("message", condition)
  tryInvokeRestart("muffleMessage")
}

take_warning <- function(condition) {
  if (getOption("warn") >= 2) return()
  take_text()
  record("warning", condition)
  tryInvokeRestart("muffleWarning")
}

# What was printed since the last time.
take_text <- function() {
  bytes <- rawConnectionValue(recording$output)
  if (length(bytes) > recording$taken) {
    record("text", rawToChar(bytes[(recording$taken + 1L):length(bytes)]))
    recording$taken <- length(bytes)
  }
}

# The page that is on the device, when anything was drawn on it and the device keeps what is drawn.
take_plot <- function() {
  if (.Call(ocpu_drawn)) record("plot", grDevices::recordPlot())
}

# Before a new page replaces the one on the device. A figure of several (see ?par, page) is no new page.
take_full_page <- function(...) {
  if (!is.null(recording$output) && .Call(ocpu_drawn) && graphics::par("page")) {
    take_text()
    take_plot()
  }
}

watch_pages <- function() {
  setHook("before.plot.new", take_full_page)
  setHook("before.grid.newpage", take_full_page)
}

# As R's prompt does, but for plain lists, whose printing can take longer than the call.
print_value <- function(value) {
  if (identical(class(value), "list")) {
    cat("List of length ", length(value), "\n")
    cat(paste("[", names(value), "]", sep = "", collapse = "\n"))
  } else if (isS4(value)) {
    methods::show(value)
  } else {
    print(value)
  }
}
