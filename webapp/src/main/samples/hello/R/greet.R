#' Greets someone by name.
greet <- function(name = "world") {
  if (!is.character(name) || length(name) != 1 || is.na(name) || !nzchar(trimws(name))) {
    stop("Please tell me your name.")
  }
  sprintf("Hello, %s! This is R %s.", trimws(name), getRversion())
}
