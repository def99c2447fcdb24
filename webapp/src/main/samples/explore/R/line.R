#' Fits a line through two columns of a table.
fit_line <- function(data, y, x) {
  check_table(data)
  for (name in c(y, x)) if (!is.numeric(data[[name]])) stop("There is no column of numbers that is called '", name, "'.")
  if (y == x) stop("Choose two different columns.")
  both <- data.frame(x = data[[x]], y = data[[y]])
  both <- both[is.finite(both$x) & is.finite(both$y), ]
  if (nrow(both) < 3 || length(unique(both$x)) < 2) stop("A line needs at least three rows with numbers in both columns.")
  model <- lm(y ~ x, both)
  structure(list(model = model, y = y, x = x), class = "fitted_line")
}

#' The line's estimates with their uncertainty.
estimates <- function(line) {
  check_line(line)
  found <- summary(line$model)
  table <- found$coefficients
  data.frame(
    term = c("at 0", paste("for each", line$x)), estimate = signif(table[, 1], 4), `standard error` = signif(table[, 2], 3),
    `p value` = signif(table[, 4], 2), `explained (R2)` = c(NA, round(found$r.squared, 3)), row.names = NULL, check.names = FALSE
  )
}

#' Draws the rows and the line with its confidence band.
draw_line <- function(line, dark = FALSE) {
  check_line(line)
  ink <- if (isTRUE(dark)) dark_ink else light_ink
  rows <- model.frame(line$model)
  at <- data.frame(x = seq(min(rows$x), max(rows$x), length.out = 100))
  band <- predict(line$model, at, interval = "confidence")
  old <- par(mar = c(3.3, 3.6, 0.8, 0.8), mgp = c(2.2, 0.6, 0), las = 1, family = "sans", bg = ink$paper, col.axis = ink$text)
  on.exit(par(old))
  plot.new()
  plot.window(range(rows$x), range(rows$y, band))
  grid(col = ink$line, lty = 1, lwd = 0.5)
  polygon(c(at$x, rev(at$x)), c(band[, "lwr"], rev(band[, "upr"])), col = adjustcolor(ink$line_fill, 0.25), border = NA)
  points(rows$x, rows$y, pch = 21, col = ink$point, bg = adjustcolor(ink$point, 0.45))
  lines(at$x, band[, "fit"], col = ink$line_fill, lwd = 3)
  axis(1, col = NA, col.ticks = ink$line)
  axis(2, col = NA, col.ticks = ink$line)
  mtext(line$x, side = 1, line = 2.1, col = ink$text)
  mtext(line$y, side = 2, line = 2.4, las = 0, col = ink$text)
  invisible(NULL)
}

check_line <- function(line) {
  if (!inherits(line, "fitted_line")) stop("'line' must be what fit_line() made.")
}

light_ink <- list(paper = "#ffffff", text = "#334155", line = "#e2e8f0", point = "#4f46e5", line_fill = "#ea580c")
dark_ink <- list(paper = "#1e293b", text = "#cbd5e1", line = "#334155", point = "#a5b4fc", line_fill = "#fb923c")
