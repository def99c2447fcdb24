# Evaluates code and records what a reader at R's prompt would have seen, in order: a list of results, each
# list(type =, value =), where type is "source", "text", "message", "warning", "error" or "plot". What evaluate() of the package of
# that name does for whole scripts, touching less memory: in a forked worker every page touched is a page copied.

# What is being recorded; hooks of the graphics system find it here.
recording <- new.env(parent = emptyenv())

record <- function(type, value) {
  recording$results[[length(recording$results) + 1L]] <- list(type = type, value = value)
}

default_output_max <- 100e6

# What is kept of the output of a call that printed more than the limit, in bytes.
kept_of_excess <- 65536L

# Evaluates chunks, each list(source, code), where code is a list of expressions, up to the first error. Returns
# list(results, error, calls): error is the condition that ended the evaluation, or NULL; calls is R's stack then. The value
# is assigned to .val when it is to be stored.
evaluate_chunks <- function(chunks, environment, output_max, store) {
  recording$results <- list()
  recording$plot <- NULL
  recording$calls <- NULL
  if (grDevices::dev.cur() == 1L) null_device()
  if (is.null(output_max)) output_max <- default_output_max
  connection <- .Call(ocpu_open_output, output_max)
  recording$on <- TRUE
  sink(connection)
  before <- options(try.outFile = connection)
  problem <- NULL
  for (chunk in chunks) {
    record("source", chunk$source)
    problem <- run(chunk$code, environment, store)
    if (!is.null(problem)) {
      take_text()
      record("error", problem)
    }
    take_output()
    if (!is.null(problem)) break
  }
  if (.Call(ocpu_drawn) && !graphics::par("page")) take_plot()
  recording$on <- FALSE
  options(before)
  close_output(connection)
  if (.Call(ocpu_output_over_limit)) problem <- excess(problem, output_max)
  list(results = recording$results, error = problem, calls = recording$calls)
}

# The call may have closed any sink and any connection, also the one that a sink writes to.
close_output <- function(connection) {
  for (n in seq_len(sink.number())) tryCatch(sink(), error = function(condition) NULL)
  tryCatch(close(connection), error = function(condition) NULL)
}

# A call that caught the error and went on has failed all the same.
excess <- function(problem, output_max) {
  recording$results <- shorten_text(recording$results, kept_of_excess)
  if (!is.null(problem)) return(problem)
  problem <- simpleError(sprintf("The call printed more than output.max = %.0f bytes.", output_max))
  record("error", problem)
  problem
}

shorten_text <- function(results, most) {
  for (i in seq_along(results)) {
    if (results[[i]]$type != "text") next
    bytes <- charToRaw(results[[i]]$value)
    if (length(bytes) > most) results[[i]]$value <- iconv(rawToChar(utils::head(bytes, most)), "UTF-8", "UTF-8", sub = "")
    most <- max(0L, most - length(bytes))
  }
  results
}

# The condition that ended the evaluation, NULL when nothing did. What R's code sees of its caller is the call of eval(), named as
# scripts of evaluate() see it: some functions keep it in their value.
run <- function(expressions, envir, store, enclos = envir) {
  tryCatch(
    withCallingHandlers(
      {
        for (expr in expressions) {
          outcome <- withVisible(eval(expr, envir, enclos))
          take_output()
          if (store) assign(".val", outcome$value, envir = envir)
          if (outcome$visible) print_value(outcome$value)
        }
        NULL
      },
      message = take_message,
      warning = take_warning,
      error = function(condition) recording$calls <- sys.calls()
    ),
    error = identity,
    interrupt = identity
  )
}

take_message <- function(condition) {
  take_text()
  record("message", condition_message(condition))
  tryInvokeRestart("muffleMessage")
}

take_warning <- function(condition) {
  if (getOption("warn") >= 2) return()
  take_text()
  record("warning", condition_message(condition))
  tryInvokeRestart("muffleWarning")
}

# What was drawn and printed since the last time, in evaluate()'s order; of a figure that is not complete, more will come.
take_output <- function() {
  if (.Call(ocpu_drawn) && graphics::par("page")) take_plot()
  take_text()
}

# What was printed since the last time.
take_text <- function() {
  text <- .Call(ocpu_take_output)
  if (!is.null(text)) record("text", valid_text(text))
}

# The page that is on the device, unless it was taken before and nothing was drawn since.
take_plot <- function() {
  plot <- grDevices::recordPlot()
  if (!is.null(recording$plot) && identical(drawing_calls(plot), drawing_calls(recording$plot))) return()
  recording$plot <- plot
  record("plot", plot)
}

# A plot's list of graphics calls without those that only set parameters.
drawing_calls <- function(plot) {
  Filter(function(entry) !isTRUE(graphics_call_name(entry) %in% c("C_par", "C_layout", "palette", "palette2")), plot[[1]])
}

# Base graphics records calls of registered routines; grid records R functions.
graphics_call_name <- function(entry) {
  routine <- if (is.list(entry[[2]]) && length(entry[[2]])) entry[[2]][[1]]
  if (is.list(routine)) routine[["name"]]
}

# Before a new page replaces the one on the device. A figure of several (see ?par, page) is no new page.
take_full_page <- function(...) {
  if (isTRUE(recording$on) && .Call(ocpu_drawn) && graphics::par("page")) {
    take_plot()
    take_text()
    recording$plot <- NULL
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
