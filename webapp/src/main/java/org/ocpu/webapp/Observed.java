package org.ocpu.webapp;

import java.util.List;

/** What the server knows of itself, for its admin. */
record Observed(Metrics metrics, KeptErrors errors, LogFeed log, List<SettingView> settings, Storage storage) {}
