#' Draws random numbers from the normal distribution.
simulate <- function(n = 1000, mean = 0, sd = 1) {
  if (!is_number(n) || n != round(n) || n < 2 || n > 1e5) {
    stop("'n' must be a whole number from 2 to 100000.")
  }
  if (!is_number(mean)) {
    stop("'mean' must be a number.")
  }
  if (!is_number(sd) || sd <= 0) {
    stop("'sd' must be a positive number.")
  }
  rnorm(n, mean, sd)
}

#' Draws the histogram of a simulated sample; returns the sample's summary.
histogram <- function(n = 1000, mean = 0, sd = 1) {
  x <- simulate(n, mean, sd)
  draw_histogram(x, mean, sd)
  data.frame(n = length(x), mean = mean(x), sd = stats::sd(x), t(quantile(x)), check.names = FALSE)
}

draw_histogram <- function(x, mean, sd) {
  old <- par(mar = c(3, 3.8, 2.5, 1), mgp = c(2, 0.6, 0), las = 1, family = "sans", col.axis = "#64748b")
  on.exit(par(old))
  bins <- hist(x, breaks = "FD", plot = FALSE)
  curve <- seq(mean - 4 * sd, mean + 4 * sd, length.out = 300)
  top <- max(bins$density, dnorm(0) / sd)
  plot(
    bins,
    freq = FALSE, ylim = c(0, top * 1.08), col = adjustcolor("#4f46e5", 0.75), border = "white", axes = FALSE,
    xlab = "", ylab = "", main = sprintf("%s draws", format(length(x), big.mark = ",")), col.main = "#1e293b"
  )
  axis(1, col = "#cbd5e1")
  axis(2, col = "#cbd5e1")
  lines(curve, dnorm(curve, mean, sd), col = "#f97316", lwd = 3)
  if (length(x) <= 2000) {
    rug(x, col = adjustcolor("#4f46e5", 0.35), ticksize = 0.02)
  }
  legend(
    "topright", c("sample", "normal"),
    fill = c("#4f46e5", "#f97316"), border = NA, bty = "n", text.col = "#475569", y.intersp = 1.6
  )
}

is_number <- function(x) is.numeric(x) && length(x) == 1 && is.finite(x)
