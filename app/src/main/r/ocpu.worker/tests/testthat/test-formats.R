test_that("formats have the media types and extensions of the API", {
  csv <- ask_object("datasets", "women", "csv")
  expect_identical(csv[c("status", "type", "filename")], list(
    status = 200L, type = "text/csv; charset=utf-8", filename = "women.csv"
  ))
  expect_match(body_text(csv), "^\"height\",\"weight\"\r\n58,115\r\n")
  expect_identical(ask_object("datasets", "women", "rda")$filename, "women.RData")
  expect_identical(ask_object("datasets", "women", "ndjson")$type, "application/x-ndjson; charset=utf-8")
})

test_that("what is saved can be read again", {
  file <- tempfile()
  writeBin(ask_object("datasets", "women", "rds")$body, file)
  expect_identical(readRDS(file), women)
  writeBin(ask_object("datasets", "women", "rda")$body, file)
  expect_identical(local({
    load(file)
    women
  }), datasets::women)
  expect_identical(unserialize(ask_object("datasets", "women", "serialized")$body), women)
  expect_identical(readBin(ask_object("base", "pi", "bin")$body, "double"), pi)
})

test_that("statistical packages' files hold the data", {
  skip_if_not_installed("haven")
  file <- tempfile()
  writeBin(ask_object("datasets", "women", "spss")$body, file)
  expect_equal(as.data.frame(haven::zap_formats(haven::read_sav(file))), women, ignore_attr = TRUE)
  writeBin(ask_object("datasets", "women", "stata")$body, file)
  expect_equal(as.data.frame(haven::zap_formats(haven::read_dta(file))), women, ignore_attr = TRUE)
  expect_identical(ask_object("datasets", "women", "sas")$filename, "women.sas7bdat")
})

test_that("options reach the R function that makes the format", {
  expect_identical(body_text(ask_object("base", "pi", "json", list(digits = "2"))), "[3.14]\n")
  expect_match(body_text(ask_object("datasets", "euro", "tab", list(dec = "\",\""))), "13,7603")
  expect_match(body_text(ask_object("datasets", "airquality", "csv", list(na = "MISSING"))), "MISSING")
  expect_match(body_text(ask_object("datasets", "quakes", "print", list(max = "30"))), "omitted 994 rows")
  expect_match(ask_object("datasets", "women", "csv", list(nosuch = "1"))$error, "unused argument")
})

test_that("option values are literals or strings and are not evaluated", {
  parse_option <- ocpu.worker:::parse_option
  expect_identical(parse_option("true"), TRUE)
  expect_identical(parse_option("1.5"), 1.5)
  expect_identical(parse_option("-1.5"), "-1.5")
  expect_identical(parse_option("\",\""), ",")
  expect_error(parse_option(","), "Unparsable argument: ,")
  expect_null(parse_option("NULL"))
  expect_identical(parse_option("stop('no')"), "stop('no')")
  expect_error(ocpu.worker:::parse_options(list(na = "")), "Option 'na' has no value")
})

test_that("options are matched as arguments of a function are", {
  women <- function(format, ...) body_text(ask_object("datasets", "women", format, list(...)))
  expect_identical(women("json", pre = "false"), women("json", pretty = "false"))
  expect_match(ask_object("datasets", "women", "csv", list(na = "NULL"))$error, "invalid 'na' argument")
  expect_match(women("csv", na = "-1"), "58,115")
  expect_identical(women("ascii", nosuch = "1"), women("ascii"))
  expect_match(women("text", nosuch = "1"), "^1 58\n")
  expect_match(ask_object("base", "pi", "print", list(digits = "-3"))$error, "In call:\nprint.default(...)", fixed = TRUE)
})

test_that("long objects are cut where the API's R cuts them", {
  expect_match(body_text(ask_object("datasets", "volcano", "print")), "omitted 71 rows")
})

test_that("an error shows R's call", {
  reply <- ask_object("datasets", "euro", "ndjson")
  expect_identical(reply$status, 400L)
  expect_match(reply$error, "is.data.frame(x) is not TRUE\n\nIn call:\napply_by_pages(x,", fixed = TRUE)
})

test_that("unknown formats are not found", {
  expect_identical(ask_object("base", "pi", "nosuch")$status, 404L)
})

test_that("text is UTF-8", {
  reply <- ask_call("base", "identity", form = list(x = "'gr\u00fc\u00df'"), format = "print")
  expect_identical(body_text(reply), "[1] \"gr\u00fc\u00df\"\n")
})

test_that("a call is answered with its value, with what it left, or with an error that keeps no session", {
  formatted <- function(format) ask_call("base", "identity", form = list(x = "quote(a)"), format = format)
  expect_true("R/.val" %in% formatted("rds")$entries)
  for (format in c("text", "ascii", "spss", "file", "nosuch")) expect_null(formatted(format)$body)
  failed <- formatted("json")
  expect_identical(failed$error, "No method asJSON S3 class: name")
  expect_null(failed$entries)
  expect_true("R/.val" %in% formatted("png")$entries)
})

test_that("the format file gives files of the working directory only", {
  kept <- ask_call("utils", "write.csv", form = list(x = "women", file = "'out.csv'"))
  stored <- function(path) {
    file <- tempfile()
    saveRDS(path, file)
    session <- file.path(kept$directory, "session")
    ask(operation = "stored", package = "base", stored = file, object = "path", session = session, format = "file")
  }
  reply <- stored("out.csv")
  expect_identical(reply$file, "out.csv")
  expect_match(body_text(reply), "^\"\",\"height\"")
  expect_identical(stored("nosuch")$status, 404L)
  expect_identical(stored(".")$status, 404L)
  expect_identical(stored("/etc/passwd")$status, 404L)
  expect_identical(stored(5)$status, 400L)
})

test_that("a missing R package is named with what to install", {
  expect_error(ocpu.worker:::require_package("nosuchpackage", "The format md"), "apt-get install r-cran-nosuchpackage")
})
