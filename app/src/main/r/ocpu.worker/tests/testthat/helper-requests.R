# Requests as the server sends them, answered in a fork: a worker answers one and ends.

set_up_once <- function() {
  ocpu.worker:::set_up()
  ocpu.worker:::watch_pages()
}

new_directory <- function() {
  directory <- tempfile("request")
  dir.create(file.path(directory, "session", "files"), recursive = TRUE)
  directory
}

ask <- function(..., directory = new_directory(), settings = NULL) {
  request <- list(..., directory = directory, libraries = as.list(.libPaths()), settings = settings)
  header <- jsonlite::toJSON(request, auto_unbox = TRUE, null = "null")
  job <- parallel::mcparallel({
    set_up_once()
    parsed <- jsonlite::parse_json(header)
    tryCatch(
      ocpu.worker:::handle(parsed, 0L),
      error = function(condition) ocpu.worker:::failure(condition, parsed[["settings"]])
    )
  })
  reply <- parallel::mccollect(job)[[1]]
  reply$directory <- directory
  reply
}

ask_object <- function(package, object, format, options = NULL, source = "R") {
  ask(operation = "object", package = package, object = object, format = format, source = source, options = options)
}

ask_call <- function(package, object, ...) {
  ask(operation = "call", package = package, object = object, ...)
}

ask_script <- function(name, text, ...) {
  file <- file.path(tempfile("scripts"), name)
  dir.create(dirname(file))
  writeLines(text, file, useBytes = TRUE)
  ask(operation = "script", package = "base", file = file, name = name, ...)
}

body_text <- function(reply) {
  text <- rawToChar(reply$body)
  Encoding(text) <- "UTF-8"
  text
}

text_parts <- function(reply, name) ocpu.worker:::text_parts(file.path(reply$directory, "session"), name)

console <- function(reply) paste(unlist(text_parts(reply, "console")), collapse = "\n")

session_files <- function(reply) {
  sort(list.files(file.path(reply$directory, "session", "files"), recursive = TRUE))
}
