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

# evaluate() of the evaluate package, on the device that the engine left open. The value is printed as at R's prompt, but
# for plain lists, whose printing can take longer than the call.
evaluate_code <- function(code, environment) {
  problem <- NULL
  handler <- evaluate::new_output_handler(
    value = function(value, visible = TRUE) {
      if (is.null(problem)) assign(".val", value, envir = environment)
      if (visible) print_value(value)
      invisible()
    },
    error = function(condition) problem <<- condition
  )
  if (grDevices::dev.cur() == 1L) null_device()
  results <- evaluate::evaluate(code, envir = environment, stop_on_error = 1L, new_device = FALSE, output_handler = handler)
  list(results = results, error = problem)
}

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

# The value or the last plot in the format that the call's address ends in; nothing for other suffixes.
render_result <- function(outcome, environment, request) {
  format <- request[["format"]]
  if (is.null(format)) return(list())
  tryCatch(
    {
      if (format %in% plot_formats) {
        plots <- results_of(outcome$results, "recordedplot")
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
