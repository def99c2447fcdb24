# Arguments of a call, from what a client sent to R. Each is list(code =), an expression that stands in the call as it is, or
# list(value =), a value that is never evaluated.

session_key <- "^x0[0-9a-f]{8,}$"

# list(named, dots): the arguments in the order in which they were sent, and those that `...` takes.
parse_arguments <- function(request) {
  sessions <- request[["sessions"]]
  code_allowed <- !isFALSE(request[["settings"]][["code"]])
  form <- request[["form"]]
  dots <- form[["..."]]
  values <- c(body_values(request), part_values(request[["parts"]]))
  unnamed <- names(values) == "..."
  named <- c(
    lapply(form[names(form) != "..."], parse_form_value, sessions, code_allowed),
    values[!unnamed],
    lapply(request[["files"]], function(file) list(code = file))
  )
  named <- named[order(match(names(named), unlist(request[["order"]])))]
  list(named = named, dots = c(if (!is.null(dots)) parse_dots(dots, sessions, code_allowed), unnamed_values(values[unnamed])))
}

# What a body gives for `...`: the elements of a list or vector, with the names they have.
unnamed_values <- function(arguments) {
  elements <- lapply(unname(arguments), function(argument) as.list(if (is_bound(argument)) argument$value else argument$code))
  lapply(unlist(elements, recursive = FALSE), literal_argument)
}

is_bound <- function(argument) "value" %in% names(argument)

# The members of a JSON or serialized body; NULL for a form.
body_values <- function(request) {
  if (!is.null(request[["json"]])) {
    members(parse_json_text(request[["json"]], "Invalid JSON was posted: "), "JSON input should be an object")
  } else if (!is.null(request[["rds"]])) {
    members(read_serialized(request[["rds"]], "The body"), "The posted R object should be a named list")
  }
}

members <- function(body, should) {
  named <- is.list(body) && !is.null(names(body)) && !anyNA(names(body)) && all(names(body) != "")
  if (length(body) && !named) fail(400L, should, " whose members are the function's arguments.")
  lapply(as.list(body), value_argument)
}

# The values of parts of a multipart body, by argument.
part_values <- function(parts) {
  values <- lapply(parts, function(part) {
    list(value = part_value(part[["path"]], part[["type"]], paste0("The part '", part[["name"]], "'")))
  })
  if (length(values)) names(values) <- vapply(parts, function(part) part[["name"]], "")
  values
}

part_value <- function(path, type, what) {
  bytes <- readBin(path, raw(), file.size(path))
  switch(type,
    json = parse_json_text(utf8_text(bytes, what), paste0(what, " is not JSON: ")),
    rds = read_serialized(path, what),
    text = utf8_text(bytes, what),
    raw = bytes,
    fail(400L, what, " has an unknown type: ", type)
  )
}

utf8_text <- function(bytes, what) {
  if (any(bytes == 0L)) fail(400L, what, " is not text: it holds zero bytes.")
  text <- rawToChar(bytes)
  if (!validUTF8(text)) fail(400L, what, " is not UTF-8.")
  Encoding(text) <- "UTF-8"
  text
}

# An error of R's reader names the file, which is of no use to a client.
read_serialized <- function(path, what) {
  tryCatch(suppressWarnings(readRDS(path)), error = function(condition) fail(400L, what, " is not an R serialization."))
}

# What the reader surely can hold on C's stack; it may refuse less.
json_depth_limit <- 500L

parse_json_text <- function(text, otherwise) {
  too_deep <- function(condition) fail(400L, "The JSON is nested too deeply.")
  if (.Call(ocpu_json_depth, text) > json_depth_limit) too_deep()
  # the reader would cut the string there
  if (grepl("(?<!\\\\)(\\\\\\\\)*\\\\u0000", text, perl = TRUE)) fail(400L, "The JSON has a NUL character, which R's strings cannot hold.")
  valid <- jsonlite::validate(text)
  if (!valid) fail(400L, otherwise, attr(valid, "err"))
  tryCatch(jsonlite::fromJSON(text), stackOverflowError = too_deep)
}

# Constants stand in the call as code, as the API's clients know it from sources: strings in c(), others as deparse() has them.
value_argument <- function(value) {
  if (is_constant(value)) list(code = constant_code(value)) else list(value = value)
}

is_constant <- function(value) {
  is.null(value) || (is.atomic(value) && length(value) == 1L && is.null(dim(value)) && is.null(names(value)) && !isS4(value))
}

constant_code <- function(value) {
  if (!is.null(attributes(value))) {
    bare <- value
    attributes(bare) <- NULL
    as.call(c(quote(structure), bare, attributes(value)))
  } else if (is.character(value) && !is.na(value)) {
    call("c", value)
  } else if (is.complex(value) || is.raw(value)) {
    str2lang(deparse(value))
  } else {
    value
  }
}

# A value as an expression that evaluates to it.
literal_argument <- function(value) {
  if (is.language(value)) call("quote", value) else value
}

# A value of a form: true, false, null, a JSON array or object, a session key, or R code.
parse_form_value <- function(text, sessions = list(), code_allowed = TRUE) {
  switch(text, "true" = return(list(code = TRUE)), "false" = return(list(code = FALSE)), "null" = return(list(code = NULL)))
  if (grepl("^[ \t\r\n]*[{[]", text) && jsonlite::validate(text)) return(list(value = parse_json_text(text, "")))
  code <- parse_code(text)
  if (!code_allowed) refuse_code(code, text)
  if (length(code) > 1L || is_assignment(code)) code <- list(as.call(c(as.name("{"), as.list(code))))
  if (!length(code)) fail(400L, "Unparsable argument: ", shortened(text))
  list(code = session_value(code[[1]], sessions))
}

parse_code <- function(text) {
  text <- gsub("\r\n", "\n", text, fixed = TRUE)
  tryCatch(parse(text = text, keep.source = FALSE, encoding = "UTF-8"), error = function(condition) {
    fail(400L, "Unparsable argument: ", shortened(text), "\n", shortened(condition_message(condition)))
  })
}

shortened <- function(text) {
  if (nchar(text) > 1000L) paste0(substr(text, 1L, 1000L), "...") else text
}

is_assignment <- function(code) {
  length(code) == 1L && is.call(code[[1]]) && identical(code[[1]][[1]], quote(`=`))
}

# Without posted code, what remains are constants, names of objects, pkg::object and session keys.
refuse_code <- function(code, text) {
  if (length(code) > 1L || !all(vapply(code, is_plain, NA))) {
    fail(400L, "Invalid argument: ", shortened(text), "\nPosting R code is disabled on this server (enable.post.code).")
  }
}

is_plain <- function(code) {
  is.name(code) || is_literal(code) || is_qualified_name(code)
}

# A constant, or one with a sign.
is_literal <- function(code) {
  is.null(code) || (is.atomic(code) && length(code) == 1L) || is_signed_number(code)
}

is_signed_number <- function(code) {
  is.call(code) && length(code) == 2L && is.numeric(code[[2]]) &&
    (identical(code[[1]], quote(`-`)) || identical(code[[1]], quote(`+`)))
}

literal_value <- function(code) {
  if (!is.call(code)) return(code)
  if (identical(code[[1]], quote(`-`))) -code[[2]] else code[[2]]
}

is_qualified_name <- function(code) {
  is.call(code) && length(code) == 3L && identical(code[[1]], quote(`::`)) &&
    all(vapply(as.list(code)[-1], function(part) is.name(part) || is.character(part), NA))
}

# x0abc stands for the value that session holds: x0abc::.val
session_value <- function(code, sessions) {
  if (is_session_key(code)) code <- call("::", code, as.name(".val"))
  check_sessions(code, sessions)
  code
}

is_session_key <- function(code) is.name(code) && grepl(session_key, as.character(code))

# Stops where code refers to a session that is not there.
check_sessions <- function(code, sessions) {
  if (is_qualified_name(code)) {
    key <- code[[2]]
    if (is_session_key(key) && is.null(sessions[[as.character(key)]])) fail(400L, "Session not found: ", as.character(key))
  } else if (is.recursive(code) && !is.environment(code)) {
    for (part in as.list(code)) if (!missing(part)) check_sessions(part, sessions)
  }
}

# The arguments of `...`: a form's text is a list of arguments as one would write them in a call.
parse_dots <- function(text, sessions = list(), code_allowed = TRUE) {
  code <- parse_code(paste0("c(", text, "\n)"))
  if (length(code) != 1L) fail(400L, "Unparsable argument: ", shortened(text))
  arguments <- as.list(code[[1]])[-1]
  if (!code_allowed) for (argument in arguments) refuse_code(list(argument), text)
  lapply(arguments, session_value, sessions)
}

# The environment that calls are evaluated in; where the request names sessions, `::` and their keys
# find their objects.
session_environment <- function(values, sessions) {
  parent <- globalenv()
  if (length(sessions)) {
    parent <- new.env(parent = globalenv())
    assign("::", function(pkg, name) {
      directory <- sessions[[as.character(substitute(pkg))]]
      name <- as.character(substitute(name))
      if (is.null(directory)) return(getExportedValue(as.character(substitute(pkg)), name))
      if (!file.exists(object_file(directory, name))) stop("The session has no object '", name, "'.", call. = FALSE)
      readRDS(object_file(directory, name))
    }, envir = parent)
    for (key in names(sessions)) assign_session(key, sessions[[key]], parent)
  }
  list2env(values, parent = parent)
}

# A key by itself is the session's value, read when it is wanted.
assign_session <- function(key, directory, environment) {
  delayedAssign(key, readRDS(object_file(directory, ".val")), assign.env = environment)
}
