/**
 * Push to live: webhook deliveries become pushes, pushes become builds, builds become app versions, and people are told.
 *
 * <p>{@link org.ocpu.builder.BuildService} is the door. A delivery goes {@code GitHubWebhook -> Reception}, which answers when
 * it is in the database; a build goes {@code BuildQueue -> BuildPipeline -> AppLibrary}, its commands run in the {@code
 * Sandbox}, and {@code BuildReport} and {@code BuildNews} tell of it.
 *
 * <p>{@link org.ocpu.builder.SyncService} keeps libraries in sync with repositories: {@code SyncRun} is one run, from {@code
 * SyncPlanner} to {@code LibrarySnapshots}. {@link org.ocpu.builder.Gists} has gists. Types of Quartz stay in {@code BuildScheduler} and its
 * jobs, those of JGit in {@code LocalRepository} and the classes whose names begin with {@code Git}.
 */
package org.ocpu.builder;
