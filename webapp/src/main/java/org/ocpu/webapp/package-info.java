/** The webapp module. */
package org.ocpu.webapp;
