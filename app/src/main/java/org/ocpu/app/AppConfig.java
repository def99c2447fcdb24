package org.ocpu.app;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Settings of the RPC core.
 *
 * @param getLimit time limit of a GET ({@code timelimit.get}, seconds, 60)
 * @param postLimit time limit of a call ({@code timelimit.post}, seconds, 90)
 * @param preload packages that every engine has loaded ({@code preload}, names separated by commas, none)
 * @param idleWorkers workers each engine keeps waiting ({@code workers.idle}, 4)
 * @param maxWorkers workers that may run at once ({@code workers.max}, four a core)
 * @param queue requests that may wait for a worker before others get 503 ({@code workers.queue}, 256)
 * @param maxEngines packages that keep an engine of their own ({@code engines.max}, 16)
 * @param keyLength random hexadecimal digits of a session key ({@code key.length}, 26)
 */
public record AppConfig(
        Duration getLimit,
        Duration postLimit,
        List<String> preload,
        int idleWorkers,
        int maxWorkers,
        int queue,
        int maxEngines,
        int keyLength) {

    public AppConfig {
        preload = List.copyOf(preload);
        require(getLimit.toSeconds() >= 1 && getLimit.toDays() < 7, "timelimit.get", getLimit.toSeconds());
        require(postLimit.toSeconds() >= 1 && postLimit.toDays() < 7, "timelimit.post", postLimit.toSeconds());
        require(idleWorkers >= 1 && idleWorkers <= 64, "workers.idle", idleWorkers);
        require(maxWorkers >= 1 && maxWorkers <= 512, "workers.max", maxWorkers);
        require(queue >= 0, "workers.queue", queue);
        require(maxEngines >= 1 && maxEngines <= 256, "engines.max", maxEngines);
        require(keyLength >= 16 && keyLength <= 64, "key.length", keyLength);
    }

    public static Set<String> keys() {
        return Set.of(
                "timelimit.get",
                "timelimit.post",
                "preload",
                "workers.idle",
                "workers.max",
                "workers.queue",
                "engines.max",
                "key.length");
    }

    public static AppConfig from(Map<String, String> settings) {
        List<String> preload = Stream.of(settings.getOrDefault("preload", "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        return new AppConfig(
                Duration.ofSeconds(number(settings, "timelimit.get", 60)),
                Duration.ofSeconds(number(settings, "timelimit.post", 90)),
                preload,
                number(settings, "workers.idle", 4),
                number(settings, "workers.max", 4 * Runtime.getRuntime().availableProcessors()),
                number(settings, "workers.queue", 256),
                number(settings, "engines.max", 16),
                number(settings, "key.length", 26));
    }

    private static int number(Map<String, String> settings, String key, int otherwise) {
        String text = settings.get(key);
        try {
            return text == null ? otherwise : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is not a whole number: " + text, e);
        }
    }

    private static void require(boolean holds, String key, long value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is out of range: " + value);
        }
    }
}
