# Arguments of a call, from what a client sent to R. Each becomes either an expression, written into the call as it is, or a
# value, bound to the argument's name in the session.

session_key <- "^x0[0-9a-f]+$"

# list(expressions, values, dots) from a form (named strings) or a JSON object's text, and uploads (argument name to file
# name). dots are the arguments that `...` takes, without names of their own.
parse_arguments <- function(form, json, files) {
  dots <- if (is.null(form[["..."]])) list() else parse_dots(form[["..."]])
  form[["..."]] <- NULL
  parsed <- if (is.null(json)) lapply(form, parse_form_value) else parse_json_body(json)
  parsed <- c(parsed, lapply(files, as.expression))
  coded <- vapply(parsed, is.expression, logical(1))
  list(expressions = lapply(parsed[coded], expression_body), values = parsed[!coded], dots = dots)
}

# An argument given without a value is the empty argument, as in f(x = ).
expression_body <- function(code) {
  if (length(code)) code[[1]] else quote(expr = )
}

parse_json_body <- function(text) {
  valid <- jsonlite::validate(text)
  if (!valid) fail(400L, "Invalid JSON was posted: ", attr(valid, "err"))
  body <- jsonlite::fromJSON(text)
  if (length(body) && (!is.list(body) || is.null(names(body)) || any(names(body) == ""))) {
    fail(400L, "JSON input should be an object whose members are the function's arguments.")
  }
  lapply(as.list(body), function(value) if (is_primitive(value)) as_expression(value) else value)
}

is_primitive <- function(value) {
  is.null(value) || (is.atomic(value) && length(value) == 1L && is.null(dim(value)) && is.null(names(value)))
}

as_expression <- function(value) {
  code <- expression(NULL)
  if (!is.null(value)) code[[1]] <- value
  code
}

# A value of a form: true, false, null, a JSON array or object, a session key, or R code.
parse_form_value <- function(text) {
  switch(text, "true" = return(expression(TRUE)), "false" = return(expression(FALSE)), "null" = return(expression(NULL)))
  if (grepl("^[ \t\r\n]*[{[]", text) && jsonlite::validate(text)) return(jsonlite::fromJSON(text))
  parse_code(text)
}

parse_code <- function(text) {
  code <- tryCatch(parse(text = text, keep.source = FALSE, encoding = "UTF-8"), error = function(condition) {
    fail(400L, "Unparsable argument: ", text, "\n", conditionMessage(condition))
  })
  if (length(code) > 1L || is_assignment(code)) code <- as.expression(as.call(c(as.name("{"), as.list(code))))
  as.expression(lapply(code, name_session_value))
}

is_assignment <- function(code) {
  length(code) == 1L && is.call(code[[1]]) && identical(code[[1]][[1]], quote(`=`))
}

# x0abc stands for the value that session holds: x0abc::.val
name_session_value <- function(code) {
  if (is.name(code) && grepl(session_key, as.character(code))) call("::", code, as.name(".val")) else code
}

# The arguments of `...`: a form's text is a list of arguments as one would write them in a call.
parse_dots <- function(text) {
  code <- parse_code(paste0("c(", text, ")"))[[1]]
  lapply(as.list(code)[-1], name_session_value)
}

# The environment that calls are evaluated in; where the request names sessions, `::` finds their objects.
session_environment <- function(values, sessions) {
  parent <- globalenv()
  if (length(sessions)) {
    parent <- new.env(parent = globalenv())
    assign("::", function(pkg, name) {
      directory <- sessions[[as.character(substitute(pkg))]]
      name <- as.character(substitute(name))
      if (is.null(directory)) return(getExportedValue(as.character(substitute(pkg)), name))
      read_stored(directory, name)
    }, envir = parent)
  }
  list2env(values, parent = parent)
}
