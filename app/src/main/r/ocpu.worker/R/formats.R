# Output formats of objects. Options come from a request's query; they are handed to the R function that makes the format and
# are never evaluated. Each make_ function takes an object and returns a function of the options. The object stays a symbol in the
# calls, so that an error shows `object` instead of all its data.

plain_text <- "text/plain; charset=utf-8"

make_print <- function(object) {
  # some methods print to a file that they are given
  function(..., file = NULL) text_bytes(utils::capture.output(print_limited(..., x = object)))
}

print_limited <- function(..., max.print = getOption("max.print")) {
  before <- options(max.print = max.print)
  on.exit(options(before))
  print(...)
}

make_markdown <- function(object) {
  require_package("pander", "The format md")
  function(...) text_bytes(utils::capture.output(pander::pander(..., x = object)))
}

make_text <- function(object) {
  object <- paste(unlist(object), collapse = "\n")
  function(...) made_file(function(file) cat(..., object, file = file))
}

make_deparsed <- function(object) {
  text_bytes(deparse(object))
}

make_json <- function(object) {
  function(pretty = TRUE, ...) charToRaw(enc2utf8(paste0(toJSON(x = object, pretty = pretty, ...), "\n")))
}

make_ndjson <- function(object) {
  function(verbose = NULL, con = NULL, ...) {
    made_through_connection(function(file) jsonlite::stream_out(x = object, con = file, verbose = FALSE, ...))
  }
}

# RFC 4180 wants lines that end in CR LF.
make_csv <- function(object) {
  function(row.names = FALSE, eol = "\r\n", na = "", ...) {
    made_file(function(file) write.csv(x = object, file = file, row.names = as.logical(row.names), eol = eol, na = na, ...))
  }
}

make_tab <- function(object) {
  function(row.names = FALSE, eol = "\r\n", na = "", ...) {
    made_file(function(file) write.table(x = object, file = file, row.names = as.logical(row.names), eol = eol, na = na, ...))
  }
}

make_bin <- function(object) {
  function(...) made_file(function(file) writeBin(..., object = object, con = file))
}

make_rds <- function(object) {
  function(...) made_through_connection(function(file) saveRDS(..., object = object, file = file))
}

# The name is what the object is called in the file.
make_rda <- function(object, name) {
  holder <- list2env(structure(list(object), names = name), parent = emptyenv())
  function(...) made_file(function(file) save(..., list = name, file = file, envir = holder))
}

make_spss <- function(object) {
  require_package("haven", "The format spss")
  function(...) made_file(function(file) suppressWarnings(haven::write_sav(data = object, path = file, ...)))
}

make_stata <- function(object) {
  require_package("haven", "The format stata")
  function(...) made_file(function(file) suppressWarnings(haven::write_dta(data = object, path = file, ...)))
}

make_sas <- function(object) {
  require_package("haven", "The format sas")
  function(...) made_file(function(file) suppressWarnings(haven::write_sas(data = object, path = file, ...)))
}

make_serialized <- function(object) serialize(object, NULL, version = 3L)

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
  if (format %in% plot_formats) return(render_plot(object, format, options, name))
  if (format == "file") return(render_file(object))
  chosen <- object_formats[[format]]
  if (is.null(chosen)) fail(404L, "Invalid output format for objects: ", format)
  made <- if (format == "rda") make_rda(object, name) else chosen$make(object)
  body <- if (is.function(made)) do.call(made, parse_options(options)) else made
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

parse_options <- function(options) {
  for (name in names(options)) if (!nzchar(options[[name]])) fail(400L, "Option '", name, "' has no value.")
  lapply(options, parse_option)
}

# TRUE, a number without a sign, NULL or a quoted string is what it is in R; any other R code is a string as it stands.
parse_option <- function(text) {
  switch(text, "true" = TRUE, "false" = FALSE, literal_or_text(text))
}

literal_or_text <- function(text) {
  code <- tryCatch(parse(text = text, keep.source = FALSE, encoding = "UTF-8"), error = function(condition) {
    fail(400L, "Unparsable argument: ", shortened(text))
  })
  if (length(code) == 1L && is.atomic(code[[1]])) code[[1]] else text
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
