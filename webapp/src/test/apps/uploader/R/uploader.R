read_table <- function(file) read.csv(file)

fit <- function(data) lm(y ~ x, data)

draw <- function(data, model) {
  plot(y ~ x, data)
  abline(coef(model))
}
