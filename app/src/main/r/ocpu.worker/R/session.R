# A session on disk: R.<name>.rds and graphics.<n>.rds, and texts.json with source, stdout, console, messages and warnings, each
# only when the call left something of the kind: an array of what it left, one after the other. A text of more than 64 kB is a file
# of its own, text.<name>, with a line feed between its parts, and the array has the sizes of these in bytes. files/ is the
# directory the call ran in. Names are percent-encoded. Few files, because making a file costs more than writing it.

large_text <- 65536L

# Writes what a call left and returns the names of all of it, as the API lists them. What is largest comes first, so that it is
# compressed while R is busy with the rest.
keep <- function(session, outcome, environment, request) {
  objects <- ls(environment, all.names = TRUE)
  plots <- keep_plots(session, results_of(outcome$results, "plot"))
  for (name in objects) .Call(ocpu_store, get(name, envir = environment), object_file(session, name))
  texts <- keep_texts(session, outcome$results, request)
  .Call(ocpu_stored)
  c(if (length(objects)) paste0("R/", objects), plots, texts)
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
    messages = unlist(results_of(results, "message")),
    stdout = unlist(results_of(results, "text")),
    warnings = unlist(results_of(results, "warning")),
    source = unlist(results_of(results, "source")),
    console = console_lines(results)
  )
  texts <- lapply(texts[lengths(texts) > 0L], hide_directory, request)
  members <- vapply(names(texts), function(name) text_member(session, name, enc2utf8(texts[[name]])), "")
  members <- if (length(members)) paste0("\"", names(members), "\":[", members, "]", collapse = ",")
  .Call(ocpu_write, file.path(session, "texts.json"), charToRaw(paste0("{", members, "}")))
  names(texts)
}

text_member <- function(session, name, parts) {
  sizes <- nchar(parts, "bytes")
  if (sum(sizes) <= large_text) return(paste(json_string(parts), collapse = ","))
  .Call(ocpu_write, file.path(session, paste0("text.", name)), charToRaw(paste(parts, collapse = "\n")))
  paste(sprintf("%d", sizes), collapse = ",")
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
      message = paste0("Message:\n", trimws(value)),
      warning = paste0("Warning message:\n", trimws(value)),
      error = paste0("Error:\n", condition_message(value)),
      plot = "[[ plot ]]"
    )
  }, "")
}

render_stored <- function(request) {
  if (!is.null(request[["session"]])) setwd(file.path(request[["session"]], "files"))
  render(readRDS(request[["stored"]]), request[["format"]], request[["options"]], request[["object"]])
}

# The parts of a text that the call left, as the API has them: a list, but for the console.
render_text <- function(request) {
  name <- request[["text"]]
  parts <- text_parts(request[["session"]], name)
  render(if (name == "console") unlist(parts) else parts, request[["format"]], request[["options"]], name)
}

text_parts <- function(session, name) {
  texts <- utf8_text(file_bytes(file.path(session, "texts.json")), "The list of texts")
  parts <- jsonlite::parse_json(texts)[[name]]
  if (is.null(parts)) return(list())
  if (is.numeric(parts[[1]])) split_text(file_bytes(file.path(session, paste0("text.", name))), unlist(parts)) else parts
}

split_text <- function(bytes, sizes) {
  starts <- cumsum(c(1, sizes + 1))[seq_along(sizes)]
  Map(function(start, size) utf8_text(bytes[seq(start, length.out = size)], "The text"), starts, sizes)
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
