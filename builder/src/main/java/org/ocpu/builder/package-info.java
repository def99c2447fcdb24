/**
 * Push to live: webhook deliveries become pushes, pushes become builds, builds become app versions, and people are told.
 *
 * <p>{@link org.ocpu.builder.BuildService} is the door. Types of Quartz stay in {@code BuildScheduler} and {@code
 * BuildJob}, those of JGit in {@code LocalRepository} and the classes whose names begin with {@code Git}.
 */
package org.ocpu.builder;
