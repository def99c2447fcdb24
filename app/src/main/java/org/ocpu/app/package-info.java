/**
 * The RPC core: a URL names an R object, a call runs in a fresh worker, what it leaves is a session.
 *
 * <p>{@link org.ocpu.app.RpcService} is the door. A request goes {@code RpcService -> ClientRpc -> Caller or Renderer -> Turn ->
 * Worker}: {@code Admission} says when it is its turn; an engine is an R process that has loaded packages and forks workers; a worker is one of its
 * children, confines itself to the request's directory and answers one request over a Unix socket; the {@code SessionStore} keeps what
 * it left by one rename. The R side is the package {@code ocpu.worker}, in {@code src/main/r}; what confines a worker is its {@code
 * confine.c}.
 */
package org.ocpu.app;
