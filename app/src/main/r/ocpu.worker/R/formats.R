# Output formats of objects: each a function of the object and of named options (strings, from the query) that returns bytes.
# Options are handed to the R function that a format is made with; numbers and logicals are recognized.

object_formats <- list(
  print = list(type = "text/plain; charset=utf-8", make = function(object, options) {
    width <- options(max.print = if (is.null(options$max.print)) getOption("max.print") else options$max.print)
    on.exit(options(width))
    options$max.print <- NULL
    text_bytes(utils::capture.output(do.call(print, c(list(object), options), quote = TRUE)))
  }),
  json = list(type = "application/json", make = function(object, options) {
    options <- utils::modifyList(list(pretty = TRUE), options)
    charToRaw(enc2utf8(paste0(do.call(jsonlite::toJSON, c(list(object), options), quote = TRUE), "\n")))
  }),
  csv = list(type = "text/csv; charset=utf-8", extension = "csv", make = function(object, options) {
    table_bytes(utils::write.csv, object, options)
  }),
  tab = list(type = "text/plain; charset=utf-8", extension = "tab", make = function(object, options) {
    table_bytes(utils::write.table, object, options)
  }),
  rds = list(type = "application/r-rds", extension = "rds", make = function(object, options) {
    file <- tempfile()
    connection <- base::file(file, "wb")
    on.exit(close(connection))
    do.call(saveRDS, c(list(object, file = connection), options), quote = TRUE)
    flush(connection)
    file_bytes(file)
  })
)

plot_formats <- c("png", "svg", "pdf")

# RFC 4180 wants lines that end in CR LF.
table_bytes <- function(write, object, options) {
  file <- tempfile()
  options <- utils::modifyList(list(row.names = FALSE, eol = "\r\n", na = ""), options)
  do.call(write, c(list(object, file = file), options), quote = TRUE)
  file_bytes(file)
}

file_bytes <- function(file) {
  readBin(file, raw(), file.size(file))
}

render <- function(object, format, options, name) {
  options <- lapply(options, parse_option)
  if (format %in% plot_formats) return(render_plot(object, format, options, name))
  chosen <- object_formats[[format]]
  if (is.null(chosen)) fail(404L, "Invalid output format for objects: ", format)
  reply <- list(status = 200L, type = chosen$type, body = chosen$make(object, options))
  if (!is.null(chosen$extension)) reply$filename <- paste0(name, ".", chosen$extension)
  reply
}

# "true", "false" and numbers as such, anything else as a string.
parse_option <- function(text) {
  switch(text, "true" = , "TRUE" = return(TRUE), "false" = , "FALSE" = return(FALSE))
  number <- suppressWarnings(as.numeric(text))
  if (is.na(number)) text else number
}

# width, height and pointsize in the device's own units: pixels for png, inches for svg and pdf.
render_plot <- function(plot, format, options, name) {
  file <- tempfile(fileext = paste0(".", format))
  defaults <- list(
    png = list(width = 800, height = 600, pointsize = 12, type = "cairo"),
    svg = list(width = 11.69, height = 8.27, pointsize = 12),
    pdf = list(width = 11.69, height = 8.27, pointsize = 12, paper = "A4r")
  )[[format]]
  options <- utils::modifyList(defaults, options)
  device <- switch(format, png = grDevices::png, svg = grDevices::svg, pdf = grDevices::pdf)
  do.call(device, c(list(file), options))
  opened <- grDevices::dev.cur()
  tryCatch(print(plot), finally = grDevices::dev.off(opened))
  if (!file.exists(file)) fail(400L, "This object did not draw anything: ", format, " needs a plot.")
  type <- c(png = "image/png", svg = "image/svg+xml", pdf = "application/pdf")[[format]]
  reply <- list(status = 200L, type = type, body = file_bytes(file))
  if (format == "pdf") reply$filename <- paste0(name, ".pdf")
  reply
}
