# Calls a function of a package or a session and keeps what the call leaves, in directory/session.
call_function <- function(request) {
  stored <- request[["stored"]]
  name <- request[["object"]]
  fun <- if (is.null(stored)) package_object(request[["package"]], name) else readRDS(stored)
  if (!is.function(fun)) fail(400L, name, " is not a function.")
  arguments <- parse_arguments(request)
  values <- lapply(arguments$named[vapply(arguments$named, is_bound, NA)], `[[`, "value")
  values <- values[!names(values) %in% c("", name, names(values)[duplicated(names(values))])]
  call <- as.call(c(as.name(name), call_arguments(arguments$named, names(values)), arguments$dots))
  environment <- session_environment(c(values, structure(list(fun), names = name)), request[["sessions"]])
  chunk <- list(source = paste(deparse(call), collapse = "\n"), code = list(call))
  evaluate_and_keep(list(chunk), environment, request, store = TRUE)
}

# Values are bound to their argument's name and stand in the call as that name, unless it is the function's own or sent twice.
call_arguments <- function(named, bound) {
  arguments <- lapply(named, function(argument) {
    if (is_bound(argument)) literal_argument(argument[["value"]]) else argument[["code"]]
  })
  is_name <- names(named) %in% bound
  arguments[is_name] <- lapply(names(named)[is_name], as.name)
  arguments
}

# Evaluates in directory/session/files, keeps everything, and renders the value when a format was asked for.
evaluate_and_keep <- function(chunks, environment, request, store, finish = function() NULL) {
  session <- file.path(request[["directory"]], "session")
  settings <- request[["settings"]]
  files <- file.path(session, "files")
  setwd(files)
  outcome <- evaluate_chunks(chunks, environment, settings[["output"]], store)
  setwd(files)
  finish()
  entries <- keep(session, outcome, environment, request)
  if (!is.null(outcome$error)) {
    return(list(status = 400L, error = error_text(outcome$error, settings, outcome$calls), entries = entries))
  }
  format <- request[["format"]]
  if (!is_immediate(format)) return(list(status = 201L, entries = entries))
  if (format %in% plot_formats && !length(results_of(outcome$results, "plot"))) {
    return(list(status = 400L, error = "Function call did not generate any graphics", entries = entries))
  }
  reply <- tryCatch(
    render_result(format, outcome, environment, request[["options"]]),
    error = function(condition) failure(condition, settings)
  )
  # without entries no session is kept: the API answers with one or with an error
  if (is.null(reply$error)) {
    reply$entries <- entries
    reply$status <- 201L
  }
  reply
}

# What a call can be answered with at once. Other suffixes of its address mean nothing, as in the API.
is_immediate <- function(format) {
  objects <- c("print", "md", "bin", "csv", "json", "rda", "rds", "tab", "ndjson", "serialized")
  !is.null(format) && format %in% c(plot_formats, objects, "console")
}

# The value or the last plot.
render_result <- function(format, outcome, environment, options) {
  if (format == "console") {
    text_reply(console_lines(outcome$results))
  } else if (format %in% plot_formats) {
    plots <- results_of(outcome$results, "plot")
    render(plots[[length(plots)]], format, options, "output")
  } else {
    render(get(".val", envir = environment), format, options, "object")
  }
}
