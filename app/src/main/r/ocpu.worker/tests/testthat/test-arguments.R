parse <- function(text, ...) ocpu.worker:::parse_form_value(text, ...)

value_of <- function(...) {
  reply <- ask_call("base", "identity", ..., format = "json", options = list(pretty = "false"))
  if (is.null(reply$error)) sub("\n$", "", body_text(reply)) else reply$error
}

serialized <- function(value, compress = TRUE) {
  file <- tempfile()
  saveRDS(value, file, compress = compress)
  file
}

part <- function(type, path) list(list(name = "x", type = type, path = path))

written <- function(bytes) {
  file <- tempfile()
  writeBin(bytes, file)
  file
}

test_that("the words of JSON are R's constants", {
  expect_identical(parse("true"), list(code = TRUE))
  expect_identical(parse("null"), list(code = NULL))
})

test_that("JSON arrays and objects become values", {
  expect_identical(parse("[1,2]"), list(value = c(1L, 2L)))
  expect_identical(parse("{\"a\":\"b\"}"), list(value = list(a = "b")))
})

test_that("several expressions become one block", {
  expect_identical(eval(parse("a <- 5\r\na * 3")$code, new.env()), 15)
})

test_that("a session key stands for the session's value", {
  expect_identical(deparse(parse("x0123456789abc", list(x0123456789abc = "directory"))$code), "x0123456789abc::.val")
  expect_error(parse("x0123456789abc"), "Session not found: x0123456789abc")
})

test_that("objects of a session are found inside of expressions", {
  made <- ask_call("base", "identity", form = list(x = "41"))
  sessions <- list(x0123456789abc = file.path(made$directory, "session"))
  expect_identical(value_of(form = list(x = "x0123456789abc::.val + 1"), sessions = sessions), "[42]")
  expect_match(value_of(form = list(x = "x0123456789abc::nosuch"), sessions = sessions), "has no object 'nosuch'")
  expect_identical(value_of(form = list(x = "1 + x0fedcba98765::y")), "Session not found: x0fedcba98765")
})

test_that("code that does not parse says so", {
  expect_error(parse("c(1,2"), "Unparsable argument: c\\(1,2")
  expect_error(parse(" "), "Unparsable argument")
})

test_that("unnamed arguments come from ...", {
  reply <- ask_call("base", "sum", form = list(... = "1, 2, na.rm = TRUE"), format = "json")
  expect_identical(body_text(reply), "[3]\n")
  expect_error(ocpu.worker:::parse_dots("1); quit("), "Unparsable")
})

test_that("without posted code, values, names and keys pass", {
  off <- list(code = FALSE)
  expect_identical(value_of(form = list(x = "-5"), settings = off), "[-5]")
  expect_identical(value_of(form = list(x = "base::pi"), settings = off), "[3.1416]")
  expect_identical(value_of(form = list(x = "[1,2]"), settings = off), "[1,2]")
  for (code in c("1 + 1", "{1}", "-pi", "a = 5", "1; 2", "base:::pi", "base::pi()", "c(1)")) {
    expect_match(value_of(form = list(x = code), settings = off), "enable.post.code")
  }
  expect_match(ask_call("base", "sum", form = list(... = "1, system('x')"), settings = off)$error, "enable.post.code")
})

test_that("a JSON body gives the arguments", {
  expect_identical(value_of(json = "{\"x\":42}"), "[42]")
  expect_identical(value_of(json = "{\"x\":{\"a\":[1,2]}}"), "{\"a\":[1,2]}")
  expect_match(value_of(json = "[1,2,3]"), "should be an object")
  expect_match(value_of(json = "{\"x\":"), "Invalid JSON was posted")
  nested <- paste0("{\"x\":", strrep("[", 1e5), strrep("]", 1e5), "}")
  expect_identical(value_of(json = nested), "The JSON is nested too deeply.")
})

test_that("an R object gives the arguments, none of which is run", {
  expect_identical(value_of(rds = serialized(list(x = 5))), "[5]")
  expect_identical(value_of(rds = serialized(list(x = 1:2), compress = FALSE)), "[1,2]")
  expect_match(value_of(rds = serialized(list(x = expression(stop("ran"))))), "No method asJSON S3 class: expression")
  expect_match(value_of(rds = serialized(5)), "should be a named list")
  expect_identical(value_of(rds = written(as.raw(1:9))), "The body is not an R serialization.")
})

test_that("constants of a body stand in the call as code", {
  code <- function(value) deparse(ocpu.worker:::value_argument(value)$code)
  expect_identical(code("a\"b"), "c(\"a\\\"b\")")
  expect_identical(code(NA_character_), "NA_character_")
  expect_identical(code(42L), "42L")
  expect_identical(code(1i), "0 + (0+1i)")
  expect_identical(code(as.Date("2020-01-02")), "structure(18263, class = \"Date\")")
  expect_identical(ocpu.worker:::value_argument(c(a = 1)), list(value = c(a = 1)))
})

test_that("parts of a body are values", {
  expect_identical(value_of(parts = part("rds", serialized(1:2))), "[1,2]")
  expect_identical(value_of(parts = part("json", written(charToRaw("[1,2]")))), "[1,2]")
  expect_identical(value_of(parts = part("text", written(charToRaw("1 + 1")))), "[\"1 + 1\"]")
  expect_identical(value_of(parts = part("raw", written(charToRaw("a")))), "[\"YQ==\"]")
  expect_identical(value_of(parts = part("text", written(as.raw(c(255, 254))))), "The part 'x' is not UTF-8.")
  expect_identical(value_of(parts = part("rds", written(as.raw(1:9)))), "The part 'x' is not an R serialization.")
  expect_match(value_of(parts = part("json", written(charToRaw("[1,")))), "The part 'x' is not JSON")
})

test_that("an uploaded file's argument is its name", {
  expect_identical(value_of(files = list(x = "my data.csv")), "[\"my data.csv\"]")
})

test_that("a value named like the function leaves the function in place", {
  expect_match(value_of(json = "{\"identity\":[1,2]}"), "unused argument")
})

test_that("ten thousand arguments pass", {
  form <- as.list(setNames(as.character(1:10000), paste0("a", 1:10000)))
  reply <- ask_call("base", "list", form = form, format = "serialized")
  expect_identical(unserialize(reply$body)[["a10000"]], 10000)
})

test_that("what is no function cannot be called", {
  expect_identical(ask_call("base", "pi", form = list(x = "1"))$error, "pi is not a function.")
  expect_identical(ask_call("base", "nosuchfun")$status, 404L)
})

test_that("arguments stand in the order in which they were sent, whatever each is", {
  files <- written(charToRaw("[2]"))
  request <- list(form = list(c = "3"), parts = list(list(name = "b", type = "json", path = files)), files = list(a = "f"))
  named <- function(...) names(ocpu.worker:::parse_arguments(c(request, list(...)))$named)
  expect_identical(named(order = list("a", "b", "c")), c("a", "b", "c"))
  expect_identical(named(), c("c", "b", "a"))
})
