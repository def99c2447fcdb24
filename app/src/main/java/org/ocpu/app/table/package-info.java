/**
 * Data frames as files of Arrow and Parquet, without R.
 *
 * <p>{@link org.ocpu.app.table.TableFormat} is the door. {@code Table} reads an R data frame as columns with the types that R's
 * arrow package would give them, and refuses what has none before a byte is written; {@code ArrowIpc} and {@code ParquetFile}
 * write these columns in slices of bounded size.
 */
package org.ocpu.app.table;
