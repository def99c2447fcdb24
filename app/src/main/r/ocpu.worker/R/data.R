# What a package's data sets are, and how they begin, for its outline.

# A data frame of name and title, and of the file in data/ that has it.
data_sets <- function(package) {
  found <- suppressWarnings(utils::data(package = package, lib.loc = .libPaths()))$results
  found <- found[found[, "Package"] == package, , drop = FALSE]
  item <- found[, "Item"]
  sets <- data.frame(name = sub(" \\(.*\\)$", "", item), title = squeezed(found[, "Title"]))
  sets$file <- ifelse(grepl(" \\(.*\\)$", item), sub("^.* \\((.*)\\)$", "\\1", item), sets$name)
  sets <- sets[!duplicated(sets$name), ]
  sets[order(sets$name), ]
}

# To know what a data set is it has to be loaded, which is left out where they are large.
data_brief <- function(sets, package, pages) {
  sizes <- file.size(list.files(system.file("data", package = package), full.names = TRUE))
  known <- sum(sizes, na.rm = TRUE) <= loadable
  shapes <- lapply(seq_len(nrow(sets)), function(i) {
    if (known) data_shape(data_set(package, sets$name[[i]], sets$file[[i]])) else data_shape(NULL)
  })
  vapply(seq_along(shapes), function(i) {
    json_object(c(data_named(sets$name[[i]], sets$title[[i]], pages), shapes[[i]]))
  }, "")
}

loadable <- 20e6 # bytes on disk

data_named <- function(name, title, pages) {
  described <- title_of(name, pages)
  list(
    name = json_text(name), title = json_text(if (is.na(described)) title else described),
    topic = json_text(topic_of(name, pages))
  )
}

# NULL for what does not load.
data_set <- function(package, name, file) {
  tryCatch(
    {
      lazy <- if (package != "base") getNamespaceInfo(package, "lazydata")
      if (!is.null(lazy) && exists(name, envir = lazy, inherits = FALSE)) return(get(name, envir = lazy))
      loaded <- new.env(parent = emptyenv())
      suppressWarnings(utils::data(list = file, package = package, lib.loc = .libPaths(), envir = loaded))
      get0(name, envir = loaded, inherits = FALSE)
    },
    error = function(problem) NULL
  )
}

data_shape <- function(object) {
  size <- if (length(dim(object)) == 2L) dim(object) else if (!is.null(object)) length(object)
  list(class = json_text(first_class(object)), rows = json_number(size[1]), columns = json_number(size[2]))
}

data_whole <- function(package, name, pages) {
  sets <- data_sets(package)
  at <- match(name, sets$name)
  if (is.na(at)) fail(404L, "Package ", package, " has no data set '", name, "'.")
  object <- data_set(package, name, sets$file[[at]])
  page <- page_of(name, pages)
  c(
    data_named(name, sets$title[[at]], pages), list(description = json_text(section_text(page, "\\description"))),
    data_shape(object), list(head = first_look(object))
  )
}

# The first rows of a table as text, as R formats them; null for what is none.
first_look <- function(object, rows = 6L, columns = 50L) {
  table <- tryCatch(as_table(object, rows, columns), error = function(problem) NULL)
  if (is.null(table)) return("null")
  cells <- do.call(cbind, lapply(table$cells, json_text))
  json_object(list(
    columns = json_array(sprintf("{\"name\":%s,\"class\":%s}", json_text(names(table$cells)), json_text(table$classes))),
    names = json_array(json_text(table$names)), rows = json_array(apply(cells, 1L, json_array))
  ))
}

as_table <- function(object, rows, columns) {
  if (length(dim(object)) != 2L) {
    if (!is.atomic(object) || is.null(object)) return(NULL)
    object <- data.frame(value = utils::head(as.vector(object), rows))
  }
  part <- object[seq_len(min(rows, nrow(object))), seq_len(min(columns, ncol(object))), drop = FALSE]
  part <- as.data.frame(part, stringsAsFactors = FALSE)
  list(cells = lapply(part, shortened_cells), classes = vapply(part, first_class, ""), names = row_labels(part))
}

# Where they say more than a number.
row_labels <- function(table) {
  if (is.character(attr(table, "row.names"))) row.names(table) else character()
}

shortened_cells <- function(column) {
  text <- if (is.list(column)) vapply(column, function(cell) paste(format(cell), collapse = ", "), "") else format(column)
  text <- trimws(as.character(text))
  text[!is.list(column) & is.na(column)] <- NA_character_
  ifelse(nchar(text) > 100L, paste0(substr(text, 1L, 99L), "\u2026"), text)
}
