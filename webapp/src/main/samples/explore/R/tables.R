#' Reads a CSV file; whether commas or semicolons separate its columns follows from its first line.
read_table <- function(file) {
  head <- readLines(file, n = 1, warn = FALSE)
  if (!length(head)) stop("The file is empty.")
  semicolons <- count(head, ";") > count(head, ",")
  table <- read.csv(
    file,
    sep = if (semicolons) ";" else ",", dec = if (semicolons) "," else ".", check.names = FALSE, stringsAsFactors = FALSE,
    encoding = "UTF-8", fileEncoding = "UTF-8-BOM"
  )
  if (!nrow(table)) stop("The file has a first line with names, but no rows below it.")
  names(table) <- make.unique(ifelse(nzchar(names(table)), names(table), "column"))
  table
}

count <- function(text, character) lengths(regmatches(text, gregexpr(character, text, fixed = TRUE)))

#' A table to begin with: the air of New York in the summer of 1973.
example_table <- function() datasets::airquality

#' What is in the columns of a table.
describe <- function(data) {
  check_table(data)
  numbers <- vapply(data, is.numeric, NA)
  of_numbers <- function(what) {
    found <- rep(NA_real_, length(data))
    found[numbers] <- vapply(data[numbers], function(x) if (all(is.na(x))) NA_real_ else as.numeric(what(x, na.rm = TRUE)), 0)
    signif(found, 4)
  }
  data.frame(
    column = names(data), type = ifelse(numbers, "number", vapply(data, function(x) class(x)[[1]], "")),
    missing = vapply(data, function(x) sum(is.na(x)), 0L), distinct = vapply(data, function(x) length(unique(x)), 0L),
    least = of_numbers(min), mean = of_numbers(mean), most = of_numbers(max), sd = of_numbers(sd), row.names = NULL
  )
}

check_table <- function(data) {
  if (!is.data.frame(data)) stop("'data' must be a table.")
}
