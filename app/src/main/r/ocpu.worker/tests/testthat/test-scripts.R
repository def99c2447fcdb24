test_that("an R script runs to its first error, and all before is kept", {
  reply <- ask_script("a.R", c("# comment", "x <- 1:3", "x", "message('hi')", "plot(x)", "stop('no')", "y <- 2"))
  expect_identical(reply$status, 400L)
  expect_match(reply$error, "^no")
  expect_true(all(c("R/x", "graphics/1", "messages") %in% reply$entries))
  expect_false("R/y" %in% reply$entries)
  expect_identical(console(reply), paste0(
    "> # comment\n> x <- 1:3\n> x\n[1] 1 2 3\n> message('hi')\nMessage:\nhi\n> plot(x)\n[[ plot ]]\n> stop('no')\nError:\nno"
  ))
})

test_that("a script that cannot be parsed leaves its source and R's error", {
  reply <- ask_script("a.R", c("x <- 1", "1 +"))
  expect_identical(reply$status, 400L)
  expect_match(reply$error, "^<text>:3:0: unexpected end of input")
  expect_identical(text_parts(reply, "source"), list("x <- 1\n1 +"))
})

test_that("a plot is kept again only when something was drawn since", {
  reply <- ask_script("a.R", c("plot(1)", "1 + 1", "par(mar = rep(1, 4))", "abline(h = 1)", "plot(1)"))
  expect_identical(grep("graphics", reply$entries, value = TRUE), paste0("graphics/", 1:3))
})

test_that("an R script reads what stands beside it, and what it changes of that is its session's own", {
  directory <- tempfile("scripts")
  dir.create(directory)
  run <- function(...) {
    writeLines("1,2", file.path(directory, "data.csv"))
    writeLines("a note", file.path(directory, "note.txt"))
    writeLines(c(...), file.path(directory, "a.R"))
    ask(operation = "script", package = "base", file = file.path(directory, "a.R"), name = "a.R")
  }
  reply <- run("cat(readLines('data.csv'))", "cat('3', file = 'data.csv')", "cat('new', file = 'new.txt')")
  expect_match(console(reply), "1,2", fixed = TRUE)
  expect_identical(session_files(reply), c("data.csv", "new.txt"))
  expect_identical(readLines(file.path(directory, "data.csv")), "1,2")
  reply <- run("readLines('data.csv')", "stop('no')")
  expect_identical(reply$status, 400L)
  expect_identical(session_files(reply), character())
})

test_that("scripts of other systems and empty ones run", {
  expect_identical(console(ask_script("a.r", "x <- 1\r\nx\r")), "> x <- 1\n> x\n[1] 1\n")
  expect_identical(console(ask_script("a.R", "# only a comment")), "> # only a comment\n")
  expect_identical(ask_script("a.R", character())$status, 201L)
})

test_that("knitr documents become what was asked for", {
  skip_if_not_installed("knitr")
  skip_if(!nzchar(Sys.which("pandoc")), "pandoc is not installed")
  text <- c("Hello `r who`", "", "```{r}", "z <- 5", "```")
  reply <- ask_script("report.Rmd", text, form = list(who = "\"me\"", format = "[\"html\",\"docx\"]"))
  expect_identical(reply$status, 201L)
  expect_identical(session_files(reply), c("report.docx", "report.html", "report.md"))
  expect_true(all(c("R/who", "R/z") %in% reply$entries))
})

test_that("a format cannot carry a shell command", {
  skip_if(!nzchar(Sys.which("pandoc")), "pandoc is not installed")
  expect_match(ask_script("a.md", "hi", form = list(format = "html; ls"))$error, "^format should be")
})

test_that("brew templates print, or write the output that is named", {
  skip_if_not_installed("brew")
  reply <- ask_script("t.brew", "sum: <%= 1 + 1 %>")
  expect_match(console(reply), "sum: 2")
  reply <- ask_script("t.brew", "sum: <%= 1 + 1 %>", form = list(output = "\"out.txt\""))
  expect_identical(session_files(reply), "out.txt")
  expect_identical(ask_script("t.brew", "x", form = list(output = "../x"))$status, 400L)
})

test_that("LaTeX documents become PDF and may include what stands beside them", {
  skip_if(!nzchar(Sys.which("pdflatex")), "LaTeX is not installed")
  reply <- ask_script("t.tex", c("\\documentclass{article}", "\\begin{document}", "Hi", "\\end{document}"))
  expect_true("t.pdf" %in% session_files(reply))
})

test_that("unknown types name the known ones", {
  reply <- ask_script("a.foo", "x")
  expect_identical(reply$status, 400L)
  expect_match(reply$error, "foo.*[.]rmd")
})
