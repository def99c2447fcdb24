/**
 * R values as protocol buffers: the message REXP of {@code rexp.proto}, that R's packages protolite and RProtoBuf exchange.
 *
 * <p>{@link org.ocpu.app.rexp.RexpReader} and {@link org.ocpu.app.rexp.RexpWriter} go between {@link org.ocpu.app.rdata.RValue} and
 * bytes directly, one field at a time, by the numbers that the generated {@code Rexp} has. Its message objects would hold a second
 * copy of each vector, and an object for each string of it.
 */
package org.ocpu.app.rexp;
