first_bytes <- function(reply) rawToChar(utils::head(reply$body, 4))

test_that("a call's last plot is drawn in each format", {
  for (format in c("png", "svg", "pdf")) {
    reply <- ask_call("graphics", "plot", form = list(x = "1:3"), format = format)
    expect_identical(reply$status, 201L)
    expect_true("graphics/1" %in% reply$entries)
  }
  expect_identical(first_bytes(reply), "%PDF")
  expect_identical(reply$filename, "output.pdf")
})

test_that("a kept plot is replayed in the asked size, and nothing is left behind", {
  made <- ask_call("graphics", "plot", form = list(x = "1:3"))
  stored <- file.path(made$directory, "session", "graphics.1.rds")
  reply <- ask(
    operation = "stored", package = "base", stored = stored, object = "p", format = "png",
    options = list(width = "300", height = "200")
  )
  expect_identical(as.integer(reply$body[c(19, 20, 23, 24)]), c(1L, 44L, 0L, 200L))
  expect_length(list.files(file.path(reply$directory, "tmp")), 0)
})

test_that("objects that print as plots are drawn", {
  skip_if_not_installed("lattice")
  made <- ask_call("lattice", "xyplot", form = list(x = "1 ~ 2"))
  stored <- file.path(made$directory, "session", "R..val.rds")
  reply <- ask(operation = "stored", package = "lattice", stored = stored, object = ".val", format = "svg")
  expect_identical(reply$type, "image/svg+xml")
})

test_that("what draws nothing is an error in every format", {
  for (format in c("png", "svg", "pdf")) expect_identical(ask_object("base", "pi", format)$status, 400L)
  expect_match(ask_call("base", "identity", form = list(x = "1"), format = "png")$error, "did not generate any graphics")
})

test_that("each page of a call is a plot", {
  reply <- ask_call("base", "lapply", form = list(X = "1:2", FUN = "function(i) plot(i)"))
  expect_identical(grep("graphics", reply$entries, value = TRUE), c("graphics/1", "graphics/2"))
})
