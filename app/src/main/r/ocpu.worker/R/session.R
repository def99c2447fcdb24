# A session on disk: R/<name>.rds, graphics/<n>.rds, and text files source, stdout, console, messages and warnings, each only
# when the call left something of the kind; files/ is the directory the call ran in. Names are percent-encoded.

# Writes what a call left and returns the names of all of it, as the API lists them.
keep <- function(session, outcome, environment) {
  objects <- ls(environment, all.names = TRUE)
  if (length(objects)) dir.create(file.path(session, "R"))
  for (name in objects) store(get(name, envir = environment), object_file(session, name))
  c(
    if (length(objects)) paste0("R/", objects),
    keep_plots(session, results_of(outcome$results, "plot")),
    keep_text(session, outcome$results)
  )
}

object_file <- function(session, name) {
  encoded <- if (grepl("^[A-Za-z0-9._]+$", name)) name else utils::URLencode(name, reserved = TRUE)
  file.path(session, "R", paste0(encoded, ".rds"))
}

read_stored <- function(session, name) {
  file <- object_file(session, name)
  if (!file.exists(file)) fail(404L, "The session has no object '", name, "'.")
  readRDS(file)
}

store <- function(object, file) {
  bytes <- serialize(object, NULL, xdr = FALSE)
  if (length(bytes) <= 4096L) return(.Call(ocpu_write, file, bytes))
  connection <- gzfile(file, "wb", compression = 1L)
  on.exit(close(connection))
  writeBin(bytes, connection)
}

keep_plots <- function(session, plots) {
  if (!length(plots)) return(NULL)
  dir.create(file.path(session, "graphics"))
  for (n in seq_along(plots)) store(plots[[n]], file.path(session, "graphics", paste0(n, ".rds")))
  paste0("graphics/", seq_along(plots))
}

keep_text <- function(session, results) {
  streams <- list(
    messages = vapply(results_of(results, "message"), conditionMessage, ""),
    stdout = unlist(results_of(results, "text")),
    warnings = vapply(results_of(results, "warning"), conditionMessage, ""),
    source = unlist(results_of(results, "source")),
    console = console_lines(results)
  )
  streams <- streams[lengths(streams) > 0L]
  for (name in names(streams)) .Call(ocpu_write, file.path(session, name), stream_bytes(streams[[name]]))
  names(streams)
}

stream_bytes <- function(chunks) {
  charToRaw(enc2utf8(paste0(paste(sub("\n$", "", chunks), collapse = "\n"), "\n")))
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
      source = paste(">", gsub("\n", "\n+ ", value, fixed = TRUE)),
      text = sub("\n$", "", value),
      message = paste0("Message:\n", trimws(conditionMessage(value))),
      warning = paste0("Warning message:\n", trimws(conditionMessage(value))),
      error = paste0("Error:\n", conditionMessage(value)),
      plot = "[[ plot ]]"
    )
  }, "")
}
