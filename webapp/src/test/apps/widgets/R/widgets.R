# Two plots; for n = 0 not in any time a test would wait for.
draw <- function(n = 3, ...) {
  if (n < 0) stop("'n' must not be negative.")
  if (n == 0) Sys.sleep(600)
  plot(seq_len(n), main = "first")
  plot(rev(seq_len(n)), main = n)
  invisible(n)
}

nothing <- function() NULL

echo <- function(x) {
  cat("echoing\n")
  x
}

numbers <- function(rows = 45) {
  i <- seq_len(rows)
  data.frame(
    number = (i * 17) %% 46 / 4, whole = replace(i, i == 2, NA), text = replace(sprintf("item %d", i), i == 3, NA),
    odd = i %% 2 == 1, limit = ifelse(i == 4, Inf, 1e-3), day = as.Date("2024-01-01") + i, row.names = paste0("row ", i)
  )
}

read_table <- function(file, header = TRUE) read.csv(file, header = header)

fit <- function(data) lm(y ~ x, data)
