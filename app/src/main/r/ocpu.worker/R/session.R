# A session on disk: R.<name>.rds and graphics.<n>.rds, and texts.json with source, stdout, console, messages and warnings, each
# only when the call left something of the kind; a text of more than 64 kB is a file of its own, text.<name>. files/ is the
# directory the call ran in. Names are percent-encoded. Few files, because making a file costs more than writing it.

large_text <- 65536L

# Writes what a call left and returns the names of all of it, as the API lists them.
keep <- function(session, outcome, environment, request) {
  objects <- ls(environment, all.names = TRUE)
  for (name in objects) .Call(ocpu_store, get(name, envir = environment), object_file(session, name))
  entries <- c(
    if (length(objects)) paste0("R/", objects),
    keep_plots(session, results_of(outcome$results, "plot")),
    keep_texts(session, outcome$results, request)
  )
  .Call(ocpu_stored)
  entries
}

object_file <- function(session, name) {
  encoded <- if (grepl("^[A-Za-z0-9._]+$", name)) name else utils::URLencode(name, reserved = TRUE)
  file.path(session, paste0("R.", encoded, ".rds"))
}

keep_plots <- function(session, plots) {
  for (n in seq_along(plots)) .Call(ocpu_store, plots[[n]], file.path(session, paste0("graphics.", n, ".rds")))
  if (length(plots)) paste0("graphics/", seq_along(plots))
}

keep_texts <- function(session, results, request) {
  texts <- list(
    messages = vapply(results_of(results, "message"), condition_message, ""),
    stdout = unlist(results_of(results, "text")),
    warnings = vapply(results_of(results, "warning"), condition_message, ""),
    source = unlist(results_of(results, "source")),
    console = console_lines(results)
  )
  texts <- vapply(texts[lengths(texts) > 0L], one_text, "")
  if (any(grepl(request[["directory"]], texts, fixed = TRUE))) texts <- hide_paths(texts, request)
  small <- nchar(texts, "bytes") <= large_text
  for (name in names(texts)[!small]) {
    .Call(ocpu_write, file.path(session, paste0("text.", name)), charToRaw(texts[[name]]))
  }
  members <- if (any(small)) paste0("\"", names(texts)[small], "\":", json_string(texts[small]), collapse = ",")
  .Call(ocpu_write, file.path(session, "texts.json"), charToRaw(paste0("{", members, "}")))
  names(texts)
}

one_text <- function(chunks) {
  enc2utf8(paste0(paste(sub("\n$", "", chunks), collapse = "\n"), "\n"))
}

# The values of all results of a type.
results_of <- function(results, type) {
  lapply(results[vapply(results, function(result) result$type == type, NA)], `[[`, "value")
}

# The call as it would have looked at R's prompt.
console_lines <- function(results) {
  vapply(results, function(result) {
    value <- result$value
    switch(result$type,
      source = paste(">", gsub("\n", "\n+ ", sub("\n$", "", value), fixed = TRUE)),
      text = sub("\n$", "", value),
      message = paste0("Message:\n", trimws(condition_message(value))),
      warning = paste0("Warning message:\n", trimws(condition_message(value))),
      error = paste0("Error:\n", condition_message(value)),
      plot = "[[ plot ]]"
    )
  }, "")
}

render_stored <- function(request) {
  if (!is.null(request[["session"]])) setwd(file.path(request[["session"]], "files"))
  render(readRDS(request[["stored"]]), request[["format"]], request[["options"]], request[["object"]])
}

# The lines of a text that the call left.
render_text <- function(request) {
  name <- request[["text"]]
  text <- read_text(request[["session"]], name)
  if (is.null(text)) fail(404L, "The session has no ", name, ".")
  lines <- strsplit(sub("\n$", "", text), "\n", fixed = TRUE)[[1]]
  render(lines, request[["format"]], request[["options"]], name)
}

read_text <- function(session, name) {
  large <- file.path(session, paste0("text.", name))
  if (file.exists(large)) return(utf8_text(file_bytes(large), "The text"))
  texts <- utf8_text(file_bytes(file.path(session, "texts.json")), "The list of texts")
  jsonlite::parse_json(texts)[[name]]
}

# All objects of a session in the format of save().
session_image <- function(request) {
  files <- list.files(request[["session"]], "^R[.].*[.]rds$", all.files = TRUE, full.names = TRUE)
  objects <- lapply(files, readRDS)
  encoded <- sub("^R[.](.*)[.]rds$", "\\1", basename(files))
  names(objects) <- vapply(encoded, utils::URLdecode, "")
  image <- made_file(function(file) save(list = names(objects), file = file, envir = list2env(objects)))
  list(status = 200L, type = "application/octet-stream", filename = ".RData", body = image)
}
