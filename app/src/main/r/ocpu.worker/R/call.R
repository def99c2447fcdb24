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
  chunk <- list(source = paste(deparse(call), collapse = "\n"), code = list(call), last = TRUE)
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
  reply <- render_result(outcome, environment, request)
  reply$entries <- entries
  reply$status <- if (is.null(reply$error)) 201L else reply$status
  reply
}

# The value or the last plot in the format that the call's address ends in; nothing for other suffixes.
render_result <- function(outcome, environment, request) {
  format <- request[["format"]]
  if (is.null(format)) return(list())
  options <- request[["options"]]
  tryCatch(
    {
      if (format %in% plot_formats) {
        plots <- results_of(outcome$results, "plot")
        if (!length(plots)) fail(400L, "Function call did not generate any graphics")
        render(plots[[length(plots)]], format, options, "graphics")
      } else if (format == "console") {
        text_reply(console_lines(outcome$results))
      } else if (format == "file" || format %in% names(object_formats)) {
        render(get(".val", envir = environment), format, options, "object")
      } else {
        list()
      }
    },
    error = function(condition) failure(condition, request[["settings"]])
  )
}
