failing <- function(code, ...) ask_call("base", "identity", form = list(x = code), ...)

test_that("an error has its message, its call and the calls that led to it", {
  reply <- failing("{f <- function(n) g(n); g <- function(n) stop('deep'); f(3)}")
  expect_match(reply$error, "^deep\n\nIn call:\ng\\(n\\)\n\nBacktrace:\n1. identity\\(x = .*\n2. f\\(3\\)\n3. g\\(n\\)$")
  expect_true("R/f" %in% reply$entries)
})

test_that("the settings say how much an error tells", {
  reply <- failing("sqrt('a')", settings = list(showcall = FALSE, backtrace = FALSE))
  expect_identical(reply$error, "non-numeric argument to mathematical function")
})

test_that("infinite recursion is an error with a short backtrace", {
  error <- failing("{f <- function(n) f(n + 1); f(1)}")$error
  expect_match(error, "infinite recursion|C stack usage")
  expect_lt(length(strsplit(error, "\n")[[1]]), 50)
})

test_that("conditions of any shape are reported", {
  condition <- "structure(class = c('custom', 'error', 'condition'), list(%s))"
  reply_to <- function(parts) failing(paste0("stop(", sprintf(condition, parts), ")"))
  expect_match(reply_to("message = 'm', call = NULL")$error, "^m")
  expect_match(reply_to("")$error, "A condition without a message, of class custom")
  expect_match(reply_to("message = c('a', 'b'), call = 'x'")$error, "^a\nb")
  expect_identical(failing("warning(structure(class = c('w', 'warning', 'condition'), list()))")$status, 201L)
})

test_that("bytes that are not UTF-8 do not break the reply", {
  expect_match(failing("stop('bad \\xff byte')")$error, "^bad <ff> byte")
  expect_match(console(failing("cat('bad \\xff')")), "bad <ff>")
})

test_that("output is kept up to the error", {
  expect_match(console(failing("{cat('before\n'); stop('x')}")), "before\nError:\nx")
})

test_that("a call that prints too much fails, even when it catches the error", {
  settings <- list(output = 20000)
  for (code in c("for (i in 1:100) cat(strrep('a', 1000))", "for (i in 1:100) try(cat(strrep('a', 1000)), silent = TRUE)")) {
    reply <- failing(code, settings = settings)
    expect_match(reply$error, "^The call printed more than output.max = 20000 bytes.")
    expect_lt(nchar(console(reply)), 21000)
  }
})

test_that("a call may close every sink and connection", {
  for (code in c("closeAllConnections()", "sink(NULL)", "sink()", "sink('f.txt')")) {
    expect_identical(failing(paste0("{cat('x'); ", code, "; 1}"))$status, 201L)
  }
  expect_identical(failing("{close(stdout()); cat('y')}")$status, 400L)
})

test_that("an error's text does not say where the server keeps files", {
  hide_paths <- ocpu.worker:::hide_paths
  expect_identical(hide_paths("no '/requests/1/session/files/a.csv'", list(directory = "/requests/1")), "no 'a.csv'")
  expect_identical(hide_paths(file.path(.libPaths()[[1]], "MASS"), list(directory = "/requests/1")), "MASS")
})
