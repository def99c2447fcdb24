# One request: a header in JSON, an answer, the end.
answer <- function(descriptor, header) {
  request <- jsonlite::parse_json(header)
  reply <- tryCatch(handle(request, descriptor), error = failure)
  send(descriptor, spill(reply, request$directory))
}

# Large bodies go through a file, so that the server need not hold them in memory.
spill <- function(reply, directory) {
  if (length(reply$body) > inline_limit) {
    .Call(ocpu_write, file.path(directory, "body"), reply$body)
    reply$body <- NULL
    reply$spilled <- "true"
  }
  reply
}

inline_limit <- 1048576L

handle <- function(request, descriptor) {
  .Call(ocpu_tempdir, file.path(request$directory, "tmp"))
  switch(request$operation,
    call = {
      attach_package(request$package, unlist(request$libraries))
      call_function(request)
    },
    object = {
      attach_package(request$package, unlist(request$libraries))
      render(package_object(request$package, request$object), request$format, request$options, request$object)
    },
    stored = {
      attach_package(request$package, unlist(request$libraries))
      render(readRDS(request$stored), request$format, request$options, request$object)
    },
    list = {
      attach_package(request$package, unlist(request$libraries))
      text_reply(sort(ls(package_environment(request$package), all.names = TRUE)))
    },
    info = {
      attach_package(request$package, unlist(request$libraries))
      text_reply(utils::capture.output(print(utils::sessionInfo())))
    },
    check = check_load(request),
    engine = become_engine(request, descriptor),
    floor = text_reply(format(floor_cost(request$n, request$at_once), digits = 15)),
    fail(500L, "Unknown operation: ", request$operation)
  )
}

# A reply: status, media type (type), file name for Content-Disposition (filename), the names of what the session
# holds (entries), an error's text (error), and the body as raw bytes.
send <- function(descriptor, reply) {
  body <- reply$body
  .Call(ocpu_reply, descriptor, reply_header(reply), if (is.null(body)) raw() else body)
}

reply_header <- function(reply) {
  reply$body <- NULL
  reply$entries <- if (!is.null(reply$entries)) paste0("[", paste(json_string(reply$entries), collapse = ","), "]")
  quoted <- intersect(names(reply), c("type", "filename", "error"))
  reply[quoted] <- lapply(reply[quoted], json_string)
  paste0("{", paste0("\"", names(reply), "\":", reply, collapse = ","), "}")
}

# Strings as JSON, quoted and escaped (RFC 8259, section 7).
json_string <- function(text) {
  .Call(ocpu_json_string, enc2utf8(text))
}

text_reply <- function(lines) {
  list(status = 200L, type = "text/plain; charset=utf-8", body = text_bytes(lines))
}

text_bytes <- function(lines) {
  charToRaw(enc2utf8(paste0(paste(lines, collapse = "\n"), "\n")))
}

# Stops with an error that carries the HTTP status to answer with.
fail <- function(status, ...) {
  stop(structure(class = c("ocpu_failure", "error", "condition"), list(message = paste0(...), call = NULL, status = status)))
}

failure <- function(condition) {
  status <- if (inherits(condition, "ocpu_failure")) condition$status else 400L
  list(status = status, error = error_text(condition))
}

error_text <- function(condition) {
  text <- enc2utf8(conditionMessage(condition))
  call <- conditionCall(condition)
  if (is.null(call)) return(text)
  paste0(text, "\n\nIn call:\n", paste(deparse(call, nlines = 20L), collapse = "\n"))
}
