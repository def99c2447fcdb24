# Output formats of objects. Options come from a request's query; they are handed to the R function that makes the format and
# are never evaluated.

plain_text <- "text/plain; charset=utf-8"

# Evaluates a call of the named function (a quoted name) with the object, which stays a symbol in it: an error shows `object`
# instead of all its data.
call_with <- function(fun, object, arguments) {
  eval(as.call(c(fun, quote(object), arguments)))
}

make_print <- function(object, options) {
  if (!is.null(options$max.print)) {
    before <- options(max.print = options$max.print)
    on.exit(options(before))
  }
  options[c("max.print", "file")] <- NULL # some methods print to a file that they are given
  text_bytes(utils::capture.output(call_with(quote(print), object, options)))
}

make_markdown <- function(object, options) {
  require_package("pander", "The format md")
  text_bytes(utils::capture.output(call_with(quote(pander::pander), object, options)))
}

make_text <- function(object, options) {
  object <- paste(unlist(object), collapse = "\n")
  made_file(function(file) call_with(quote(cat), object, c(options, list(file = file))))
}

make_deparsed <- function(object, options) {
  text_bytes(call_with(quote(deparse), object, options))
}

make_json <- function(object, options) {
  options <- utils::modifyList(list(pretty = TRUE), options)
  charToRaw(enc2utf8(paste0(call_with(quote(jsonlite::toJSON), object, options), "\n")))
}

make_ndjson <- function(object, options) {
  options[c("con", "verbose")] <- NULL
  made_through_connection(function(connection) {
    call_with(quote(jsonlite::stream_out), object, c(list(con = connection, verbose = FALSE), options))
  })
}

make_csv <- function(object, options) make_table(quote(utils::write.csv), object, options)

make_tab <- function(object, options) make_table(quote(utils::write.table), object, options)

# RFC 4180 wants lines that end in CR LF.
make_table <- function(write, object, options) {
  options <- utils::modifyList(list(row.names = FALSE, eol = "\r\n", na = ""), options)
  options$row.names <- as.logical(options$row.names)
  made_file(function(file) call_with(write, object, c(list(file = file), options)))
}

make_bin <- function(object, options) {
  made_file(function(file) call_with(quote(writeBin), object, c(list(con = file), options)))
}

make_rds <- function(object, options) {
  made_through_connection(function(connection) {
    call_with(quote(saveRDS), object, c(list(file = connection), options))
  })
}

# The name is what the object is called in the file.
make_rda <- function(object, options, name) {
  holder <- list2env(structure(list(object), names = name), parent = emptyenv())
  made_file(function(file) {
    eval(as.call(c(quote(save), list(list = name, file = file, envir = holder), options)))
  })
}

make_spss <- function(object, options) make_with_haven(quote(haven::write_sav), object, options, "spss")

make_stata <- function(object, options) make_with_haven(quote(haven::write_dta), object, options, "stata")

make_sas <- function(object, options) make_with_haven(quote(haven::write_sas), object, options, "sas")

make_with_haven <- function(write, object, options, format) {
  require_package("haven", paste("The format", format))
  made_file(function(file) suppressWarnings(call_with(write, object, c(list(path = file), options))))
}

make_serialized <- function(object, options) serialize(object, NULL, version = 3L)

# The bytes that write(file) leaves in a new file.
made_file <- function(write) {
  file <- tempfile()
  on.exit(unlink(file))
  write(file)
  file_bytes(file)
}

made_through_connection <- function(write) {
  made_file(function(file) {
    connection <- base::file(file, "wb")
    on.exit(close(connection))
    write(connection)
  })
}

file_bytes <- function(file) {
  readBin(file, raw(), file.size(file))
}

# Media types, and extensions of those that a browser should save.
object_formats <- list(
  print = list(type = plain_text, make = make_print),
  md = list(type = plain_text, make = make_markdown),
  text = list(type = plain_text, make = make_text),
  ascii = list(type = plain_text, make = make_deparsed),
  json = list(type = "application/json", make = make_json),
  ndjson = list(type = "application/x-ndjson; charset=utf-8", make = make_ndjson),
  csv = list(type = "text/csv; charset=utf-8", extension = "csv", make = make_csv),
  tab = list(type = plain_text, extension = "tab", make = make_tab),
  bin = list(type = "application/octet-stream", extension = "bin", make = make_bin),
  rds = list(type = "application/r-rds", extension = "rds", make = make_rds),
  rda = list(type = "application/octet-stream", extension = "RData", make = make_rda),
  spss = list(type = "application/spss-sav", extension = "sav", make = make_spss),
  stata = list(type = "application/stata-dta", extension = "dta", make = make_stata),
  sas = list(type = "application/sas7bdat", extension = "sas7bdat", make = make_sas),
  serialized = list(type = "application/octet-stream", make = make_serialized)
)

render <- function(object, format, options, name) {
  options <- lapply(options[nzchar(names(options))], parse_option)
  if (format %in% plot_formats) return(render_plot(object, format, options, name))
  if (format == "file") return(render_file(object))
  chosen <- object_formats[[format]]
  if (is.null(chosen)) fail(404L, "Invalid output format for objects: ", format)
  body <- if (format == "rda") chosen$make(object, options, name) else chosen$make(object, options)
  reply <- list(status = 200L, type = chosen$type, body = body)
  if (!is.null(chosen$extension)) reply$filename <- paste0(name, ".", chosen$extension)
  reply
}

# The object is the path of a file that the call left; only those are readable.
render_file <- function(object) {
  if (!is.character(object) || length(object) != 1L || is.na(object)) {
    fail(400L, "The format file needs the name of a file: a string, not ", class(object)[[1]], " of length ", length(object), ".")
  }
  file <- normalizePath(object, mustWork = FALSE)
  inside <- startsWith(file, paste0(normalizePath("."), "/"))
  if (!inside || !utils::file_test("-f", file)) fail(404L, "File not found: ", object)
  list(status = 200L, file = basename(file), body = file_bytes(file))
}

# TRUE, a number, NULL or a quoted string is what it is in R; anything else is a string as it stands.
parse_option <- function(text) {
  switch(text, "true" = TRUE, "false" = FALSE, literal_or_text(text))
}

literal_or_text <- function(text) {
  code <- tryCatch(parse(text = text, keep.source = FALSE, encoding = "UTF-8"), error = function(condition) NULL)
  if (length(code) == 1L && is_literal(code[[1]])) literal_value(code[[1]]) else text
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

# Stops with 501 when an optional R package is missing.
require_package <- function(package, what) {
  if (!requireNamespace(package, quietly = TRUE)) {
    fail(
      501L, what, " needs the R package ", package, ", which is not installed on this server. On Debian: apt-get install r-cran-",
      tolower(package)
    )
  }
}
