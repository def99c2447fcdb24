/**
 * R values in Java, and R's serialization format (the one of {@code serialize()} and {@code .rds} files) read and written.
 *
 * <p>{@link org.ocpu.app.rdata.RDataReader} and {@link org.ocpu.app.rdata.RDataWriter} are the doors, {@link
 * org.ocpu.app.rdata.RValue} is what goes through them. The format is that of "R Internals", section "Serialization Formats".
 */
package org.ocpu.app.rdata;
