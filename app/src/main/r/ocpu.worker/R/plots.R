# Output formats of plots: a graphics device each, which the object is printed on.

plot_formats <- c("png", "svg", "pdf", "svglite")

plot_types <- c(png = "image/png", svg = "image/svg+xml", pdf = "application/pdf", svglite = "image/svg+xml")

# The page of A4 in landscape, in inches, and pixels for png.
plot_defaults <- list(
  png = list(width = 800, height = 600, pointsize = 12),
  svg = list(width = 11.69, height = 8.27, pointsize = 12),
  pdf = list(width = 11.69, height = 8.27, pointsize = 12, paper = "A4r"),
  svglite = list(width = 11.69, height = 8.27, pointsize = 12)
)

plot_openers <- list(
  png = quote(grDevices::png),
  svg = quote(grDevices::svg),
  pdf = quote(grDevices::pdf),
  svglite = quote(svglite::svglite)
)

# What the devices call the argument that says where to draw, which is not for a query to say.
plot_files <- c(png = "filename", svg = "filename", pdf = "file", svglite = "filename")

# width and height in the device's own units: pixels for png, inches for the others.
render_plot <- function(plot, format, options, name) {
  if (format == "svglite") require_package("svglite", "The format svglite")
  options <- utils::modifyList(plot_defaults[[format]], options)
  if (format == "png") options$type <- "cairo"
  body <- made_file(function(file) draw(plot, format, file, options))
  reply <- list(status = 200L, type = plot_types[[format]], body = body)
  if (format == "pdf") reply$filename <- paste0(name, ".pdf")
  reply
}

draw <- function(plot, format, file, options) {
  before <- grDevices::dev.list()
  options[c("file", "filename")] <- NULL
  eval(as.call(c(plot_openers[[format]], structure(list(quote(file)), names = plot_files[[format]]), options)))
  opened <- setdiff(grDevices::dev.list(), before)
  on.exit(if (opened %in% grDevices::dev.list()) grDevices::dev.off(opened))
  print_plot(plot)
  grDevices::dev.set(opened)
  if (!.Call(ocpu_drawn_on)) fail(400L, "This object did not draw anything: ", format, " needs a plot.")
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
