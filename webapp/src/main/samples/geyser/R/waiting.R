#' Draws the density of the minutes between eruptions; returns its peaks.
waiting <- function(bandwidth = 4, dark = FALSE) {
  if (!is.numeric(bandwidth) || length(bandwidth) != 1 || is.na(bandwidth) || bandwidth < 0.2 || bandwidth > 30) {
    stop("'bandwidth' must be a number of minutes from 0.2 to 30.")
  }
  estimate <- density(datasets::faithful$waiting, bw = bandwidth, from = 35, to = 105, n = 701)
  found <- peaks(estimate)
  draw_density(estimate, found, if (isTRUE(dark)) dark_ink else light_ink)
  found
}

#' Bandwidths that R would choose.
bandwidths <- function() {
  x <- datasets::faithful$waiting
  data.frame(rule = c("Silverman", "Sheather-Jones"), minutes = round(c(bw.nrd0(x), bw.SJ(x)), 2))
}

# Where the density is higher than beside it, and than what rounding leaves.
peaks <- function(estimate) {
  rising <- diff(estimate$y) > 0
  top <- which(c(FALSE, rising) & c(!rising, FALSE) & estimate$y > max(estimate$y) / 1e6)
  data.frame(minutes = estimate$x[top], density = estimate$y[top])
}

light_ink <- list(paper = "#ffffff", text = "#334155", line = "#cbd5e1", fill = "#0d9488", peak = "#b45309")
dark_ink <- list(paper = "#1e293b", text = "#cbd5e1", line = "#475569", fill = "#2dd4bf", peak = "#fbbf24")

# On the same scale for every bandwidth, so that pictures can be compared.
draw_density <- function(estimate, peaks, ink) {
  old <- par(mar = c(3.2, 0.6, 0.6, 0.6), mgp = c(2, 0.5, 0), family = "sans", bg = ink$paper, col.axis = ink$text)
  on.exit(par(old))
  counts <- table(datasets::faithful$waiting) / nrow(datasets::faithful)
  top <- max(counts)
  plot.new()
  plot.window(range(estimate$x), c(-0.14, 1.2) * top, xaxs = "i", yaxs = "i")
  minutes <- as.numeric(names(counts))
  rect(minutes - 0.45, 0, minutes + 0.45, as.numeric(counts), col = adjustcolor(ink$text, 0.15), border = NA)
  polygon(c(35, estimate$x, 105), c(0, estimate$y, 0), col = adjustcolor(ink$fill, 0.35), border = ink$fill, lwd = 2)
  draw_eruptions(datasets::faithful$waiting, top, ink)
  draw_peaks(peaks, ink)
  axis(1, at = seq(40, 100, 10), col = NA, col.ticks = ink$line)
  mtext("minutes until the next eruption", side = 1, line = 2, col = ink$text)
}

# Each observation as a point below the axis, spread by its place in the data.
draw_eruptions <- function(x, top, ink) {
  spread <- (seq_along(x) * 0.618034) %% 1
  points(x, -top * (0.03 + 0.09 * spread), pch = 21, cex = 0.6, lwd = 0.75, col = ink$fill, bg = adjustcolor(ink$fill, 0.4))
}

draw_peaks <- function(peaks, ink) {
  segments(peaks$minutes, 0, peaks$minutes, peaks$density, col = ink$peak, lty = 3)
  points(peaks$minutes, peaks$density, pch = 21, bg = ink$paper, col = ink$peak, lwd = 2, cex = 1.1)
  if (nrow(peaks) <= 4) text(peaks$minutes, peaks$density, sprintf("%.0f min", peaks$minutes), pos = 3, col = ink$peak, font = 2)
}
