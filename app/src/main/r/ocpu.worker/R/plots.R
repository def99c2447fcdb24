# Output formats of plots: a graphics device each, which the object is printed on.

plot_formats <- c("png", "svg", "pdf", "svglite")

plot_types <- c(png = "image/png", svg = "image/svg+xml", pdf = "application/pdf", svglite = "image/svg+xml")

# Each opens a device for a file, with options in the device's own units: pixels for png, inches for the others, where the page
# is A4 in landscape.
plot_openers <- list(
  png = function(file) {
    # cairo draws bitmaps without a display, whatever the option says
    function(width = 800, height = 600, pointsize = 12, type = "cairo", ...) {
      png(
        filename = file, width = as.numeric(width), height = as.numeric(height), pointsize = as.numeric(pointsize),
        type = "cairo", ...
      )
    }
  },
  svg = function(file) {
    function(width = 11.69, height = 8.27, pointsize = 12, ...) {
      svg(filename = file, width = as.numeric(width), height = as.numeric(height), pointsize = as.numeric(pointsize), ...)
    }
  },
  pdf = function(file) {
    function(width = 11.69, height = 8.27, pointsize = 12, paper = "A4r", ...) {
      pdf(
        file = file, width = as.numeric(width), height = as.numeric(height), pointsize = as.numeric(pointsize),
        paper = paper, ...
      )
    }
  },
  svglite = function(file) {
    require_package("svglite", "The format svglite")
    function(width = 11.69, height = 8.27, pointsize = 12, ...) {
      svglite::svglite(file = file, width = as.numeric(width), height = as.numeric(height), pointsize = as.numeric(pointsize), ...)
    }
  }
)

render_plot <- function(plot, format, options, name) {
  options <- parse_options(options)
  body <- made_file(function(file) draw(plot, plot_openers[[format]](file), options))
  reply <- list(status = 200L, type = plot_types[[format]], body = body)
  if (format == "pdf") reply$filename <- paste0(name, ".pdf")
  reply
}

draw <- function(plot, open, options) {
  before <- grDevices::dev.list()
  do.call(open, options)
  opened <- setdiff(grDevices::dev.list(), before)
  on.exit(if (opened %in% grDevices::dev.list()) grDevices::dev.off(opened))
  print_plot(plot)
  grDevices::dev.set(opened)
  if (!.Call(ocpu_drawn_on)) {
    fail(400L, "This call did not generate any plot. Make sure the function/object produces a graph.")
  }
}

# What an object prints on the way is nobody's. Replaying a plot on a device of another kind can end in "invalid graphics state"
# after all was drawn.
print_plot <- function(plot) {
  tryCatch(
    utils::capture.output(print(plot)),
    error = function(condition) {
      message <- conditionMessage(condition)
      if (!grepl("invalid graphics state", message, fixed = TRUE)) fail(400L, "Failed to print plot: ", message)
    }
  )
}
