# Calls a function of a package or a session and keeps what the call leaves, in directory/session.
call_function <- function(request) {
  stored <- request[["stored"]]
  fun <- if (is.null(stored)) package_object(request$package, request$object) else readRDS(stored)
  if (!is.function(fun)) fail(400L, request$object, " is not a function.")
  arguments <- parse_arguments(request[["form"]], request[["json"]], request[["files"]])
  names <- lapply(names(arguments$values), as.name)
  names(names) <- names(arguments$values)
  call <- as.call(c(as.name(request$object), arguments$expressions, names, arguments$dots))
  values <- c(arguments$values, structure(list(fun), names = request$object))
  evaluate_and_keep(call, session_environment(values, request$sessions), request)
}

# Evaluates in directory/session/files, keeps everything, and renders the value when a format was asked for.
evaluate_and_keep <- function(code, environment, request) {
  session <- file.path(request$directory, "session")
  setwd(file.path(session, "files"))
  outcome <- evaluate_code(code, environment)
  setwd(file.path(session, "files"))
  entries <- keep(session, outcome, environment)
  if (!is.null(outcome$error)) {
    return(list(status = 400L, error = error_text(outcome$error), entries = entries))
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
  tryCatch(
    {
      if (format %in% plot_formats) {
        plots <- results_of(outcome$results, "plot")
        if (!length(plots)) fail(400L, "Function call did not generate any graphics")
        render(plots[[length(plots)]], format, request$options, "graphics")
      } else if (format == "console") {
        text_reply(console_lines(outcome$results))
      } else if (format %in% names(object_formats)) {
        render(get(".val", envir = environment), format, request$options, "object")
      } else {
        list()
      }
    },
    error = failure
  )
}
