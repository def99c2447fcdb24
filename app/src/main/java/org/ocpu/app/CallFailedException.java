package org.ocpu.app;

import java.util.Optional;

/** R answered with an error: its message and call, and the session that keeps the output up to the error, if there is one. */
public final class CallFailedException extends RpcException {
    private static final long serialVersionUID = 1L;

    private final String sessionKey;

    public CallFailedException(String message) {
        this(message, Optional.empty());
    }

    public CallFailedException(String message, Optional<SessionKey> session) {
        super(message);
        this.sessionKey = session.map(SessionKey::value).orElse("");
    }

    public Optional<SessionKey> session() {
        return sessionKey.isEmpty() ? Optional.empty() : Optional.of(new SessionKey(sessionKey));
    }
}
