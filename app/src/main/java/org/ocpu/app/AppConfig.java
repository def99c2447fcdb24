package org.ocpu.app;

import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
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
 * @param engineMemory bytes of memory that these engines may have of their own ({@code engines.memory}, 2147483648)
 * @param keyLength random hexadecimal digits of a session key ({@code key.length}, 26)
 * @param postCode whether arguments may be R code ({@code enable.post.code}, true)
 * @param showCall whether an R error is told with its call ({@code error.showcall}, true)
 * @param backtrace whether an R error is told with the calls that led to it ({@code error.backtrace}, true)
 * @param maxOutput bytes a call may print ({@code output.max}, 104857600)
 * @param postCache how long the same call is answered with the same session ({@code httpcache.post}, seconds, 300)
 * @param cacheMemory bytes of answers to keep in memory ({@code cache.memory}, 67108864)
 * @param cacheDisk bytes of large answers to keep in files ({@code cache.disk}, 1073741824)
 * @param maxResult bytes of one answer ({@code result.max}, 1073741824)
 */
public record AppConfig(
        Duration getLimit,
        Duration postLimit,
        List<String> preload,
        int idleWorkers,
        int maxWorkers,
        int queue,
        int maxEngines,
        long engineMemory,
        int keyLength,
        boolean postCode,
        boolean showCall,
        boolean backtrace,
        long maxOutput,
        Duration postCache,
        long cacheMemory,
        long cacheDisk,
        long maxResult,
        SessionConfig sessions,
        DiskReserve reserve) {
    static final String MAX_RESULT = "result.max";

    public AppConfig {
        preload = List.copyOf(preload);
        require(getLimit.toSeconds() >= 1 && getLimit.toDays() < 7, "timelimit.get", getLimit.toSeconds());
        require(postLimit.toSeconds() >= 1 && postLimit.toDays() < 7, "timelimit.post", postLimit.toSeconds());
        require(idleWorkers >= 1 && idleWorkers <= 64, "workers.idle", idleWorkers);
        require(maxWorkers >= 1 && maxWorkers <= 512, "workers.max", maxWorkers);
        require(queue >= 0, "workers.queue", queue);
        require(maxEngines >= 1 && maxEngines <= 256, "engines.max", maxEngines);
        require(engineMemory >= 1, "engines.memory", engineMemory);
        require(keyLength >= 16 && keyLength <= 64, "key.length", keyLength);
        require(maxOutput >= 1, "output.max", maxOutput);
        require(!postCache.isNegative(), "httpcache.post", postCache.toSeconds());
        require(cacheMemory >= 0, "cache.memory", cacheMemory);
        require(cacheDisk >= 0, "cache.disk", cacheDisk);
        require(maxResult >= 1, MAX_RESULT, maxResult);
    }

    public static Set<String> keys() {
        Set<String> keys = new HashSet<>(SessionConfig.keys());
        Collections.addAll(
                keys,
                "timelimit.get",
                "timelimit.post",
                "preload",
                "workers.idle",
                "workers.max",
                "workers.queue",
                "engines.max",
                "engines.memory",
                "key.length",
                "enable.post.code",
                "error.showcall",
                "error.backtrace",
                "output.max",
                "httpcache.post",
                "cache.memory",
                "cache.disk",
                MAX_RESULT,
                DiskReserve.KEY);
        return Set.copyOf(keys);
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
                size(settings, "engines.memory", 2L << 30),
                number(settings, "key.length", 26),
                flag(settings, "enable.post.code"),
                flag(settings, "error.showcall"),
                flag(settings, "error.backtrace"),
                size(settings, "output.max", 100L << 20),
                Duration.ofSeconds(number(settings, "httpcache.post", 300)),
                size(settings, "cache.memory", 64L << 20),
                size(settings, "cache.disk", 1L << 30),
                size(settings, MAX_RESULT, 1L << 30),
                SessionConfig.from(settings),
                DiskReserve.from(settings));
    }

    static int number(Map<String, String> settings, String key, int otherwise) {
        long number = size(settings, key, otherwise);
        require(number == (int) number, key, number);
        return (int) number;
    }

    static long size(Map<String, String> settings, String key, long otherwise) {
        String text = settings.get(key);
        try {
            return text == null ? otherwise : Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is not a whole number: " + text, e);
        }
    }

    /** True unless said otherwise. */
    private static boolean flag(Map<String, String> settings, String key) {
        String text = settings.getOrDefault(key, "true").strip();
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(key + " is neither true nor false: " + text);
        }
        return text.equals("true");
    }

    static void require(boolean holds, String key, long value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is out of range: " + value);
        }
    }
}
