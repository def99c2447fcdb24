# One request: a header in JSON, an answer, the end.
answer <- function(descriptor, header) {
  request <- jsonlite::parse_json(header)
  reply <- tryCatch(handle(request, descriptor), error = function(condition) {
    failure(condition, request[["settings"]])
  })
  if (!is.null(reply$error)) reply$error <- hide_paths(reply$error, request)
  send(descriptor, spill(reply, request[["directory"]]))
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
  if (request[["operation"]] != "engine") .Call(ocpu_tempdir, file.path(request[["directory"]], "tmp"))
  switch(request[["operation"]],
    call = call_function(attached(request)),
    script = run_script(attached(request)),
    object = render_object(attached(request)),
    stored = render_stored(attached(request)),
    text = render_text(request),
    list = list_names(attached(request)),
    man = render_manual(request),
    html = render_help_page(request),
    describe = describe_package(request),
    outline = outline_package(attached(request)),
    info = render(utils::sessionInfo(), info_format(attached(request)), request[["options"]], "sessionInfo"),
    rdata = session_image(request),
    check = check_load(request),
    engine = become_engine(request, descriptor),
    floor = text_reply(format(floor_cost(request[["n"]], request[["at_once"]]), digits = 15)),
    fail(500L, "Unknown operation: ", request[["operation"]])
  )
}

attached <- function(request) {
  attach_package(request[["package"]], unlist(request[["libraries"]]))
  request
}

info_format <- function(request) {
  if (is.null(request[["format"]])) "print" else request[["format"]]
}

render_object <- function(request) {
  find <- if (identical(request[["source"]], "data")) package_data else package_object
  object <- find(request[["package"]], request[["object"]])
  render(object, request[["format"]], request[["options"]], request[["object"]])
}

# A reply: status, media type (type), file name for Content-Disposition (filename), the names of what the session
# holds (entries), an error's text (error), and the body as raw bytes. file instead of type: a name that the type follows from.
send <- function(descriptor, reply) {
  body <- reply$body
  .Call(ocpu_reply, descriptor, reply_header(reply), if (is.null(body)) raw() else body)
}

reply_header <- function(reply) {
  reply$body <- NULL
  reply$entries <- if (!is.null(reply$entries)) paste0("[", paste(json_string(reply$entries), collapse = ","), "]")
  quoted <- intersect(names(reply), c("type", "filename", "file", "error"))
  reply[quoted] <- lapply(reply[quoted], json_string)
  paste0("{", paste0("\"", names(reply), "\":", reply, collapse = ","), "}")
}

# Strings as JSON, quoted and escaped (RFC 8259, section 7).
json_string <- function(text) {
  .Call(ocpu_json_string, valid_text(enc2utf8(text)))
}

text_reply <- function(lines) {
  list(status = 200L, type = plain_text, body = text_bytes(lines))
}

text_bytes <- function(lines) {
  charToRaw(enc2utf8(paste0(paste(lines, collapse = "\n"), "\n")))
}
