/**
 * The HTTP server and the command line. {@link org.ocpu.webapp.Server} puts the parts together, {@code Routes} is the only table of
 * addresses, {@code ErrorMapper} the only one from exceptions to statuses, {@link org.ocpu.webapp.Main} the list of commands; a
 * small class per resource does the rest. {@code openapi.json} describes the JSON API, which the commands use.
 */
package org.ocpu.webapp;
