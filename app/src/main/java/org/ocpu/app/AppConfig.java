package org.ocpu.app;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Settings of the RPC core.
 *
 * @param getLimit time limit of a GET ({@code timelimit.get}, seconds, 60)
 * @param postLimit time limit of a call ({@code timelimit.post}, seconds, 90)
 * @param preload packages that every engine has loaded ({@code preload}, names separated by commas, none)
 * @param idleWorkers workers each engine keeps waiting ({@code workers.idle}, 4)
 * @param maxWorkers workers that may run at once ({@code workers.max}, two a core, but at least two and no more than have 512 MiB
 *     each of the machine's memory without 1 GiB)
 * @param clientWorkers how many of them one client may have ({@code workers.client}, three quarters of {@code workers.max})
 * @param queue requests that may wait for a worker before others get 503 ({@code workers.queue}, four times {@code workers.max})
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
 * @param limits what a worker may do and use
 * @param maxResult bytes of one answer ({@code result.max}, 1073741824)
 */
public record AppConfig(
        Duration getLimit,
        Duration postLimit,
        List<String> preload,
        int idleWorkers,
        int maxWorkers,
        int clientWorkers,
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
        WorkerLimits limits,
        long maxResult,
        SessionConfig sessions,
        DiskReserve reserve) {
    static final String MAX_RESULT = "result.max";

    private static final long SERVER_MEMORY = 1L << 30;
    private static final long WORKER_MEMORY = 512L << 20;

    public AppConfig {
        preload = List.copyOf(preload);
        require(getLimit.toSeconds() >= 1 && getLimit.toDays() < 7, "timelimit.get", getLimit.toSeconds());
        require(postLimit.toSeconds() >= 1 && postLimit.toDays() < 7, "timelimit.post", postLimit.toSeconds());
        require(idleWorkers >= 1 && idleWorkers <= 64, "workers.idle", idleWorkers);
        require(maxWorkers >= 1 && maxWorkers <= 512, "workers.max", maxWorkers);
        require(clientWorkers >= 1 && clientWorkers <= maxWorkers, "workers.client", clientWorkers);
        require(queue >= 0 && queue <= 4096, "workers.queue", queue);
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
        Set<String> keys = new TreeSet<>(WorkerLimits.keys());
        keys.addAll(SessionConfig.keys());
        keys.addAll(Set.of(
                "timelimit.get",
                "timelimit.post",
                "preload",
                "workers.idle",
                "workers.max",
                "workers.client",
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
                DiskReserve.KEY));
        return keys;
    }

    public static AppConfig from(Map<String, String> settings) {
        List<String> preload = Stream.of(settings.getOrDefault("preload", "").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        int maxWorkers = number(settings, "workers.max", usualWorkers(cores(), memory()));
        return new AppConfig(
                Duration.ofSeconds(number(settings, "timelimit.get", 60)),
                Duration.ofSeconds(number(settings, "timelimit.post", 90)),
                preload,
                number(settings, "workers.idle", 4),
                maxWorkers,
                number(settings, "workers.client", Math.max(1, maxWorkers - Math.max(1, maxWorkers / 4))),
                number(settings, "workers.queue", 4 * maxWorkers),
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
                WorkerLimits.from(settings),
                size(settings, MAX_RESULT, 1L << 30),
                SessionConfig.from(settings),
                DiskReserve.from(settings));
    }

    /** What stands, by its key, as it would be written; without what is empty. */
    public Map<String, String> values() {
        Map<String, Object> values = new TreeMap<>(limits.values());
        values.putAll(sessions.values());
        values.put("timelimit.get", getLimit.toSeconds());
        values.put("timelimit.post", postLimit.toSeconds());
        values.put("preload", String.join(",", preload));
        values.put("workers.idle", idleWorkers);
        values.put("workers.max", maxWorkers);
        values.put("workers.client", clientWorkers);
        values.put("workers.queue", queue);
        values.put("engines.max", maxEngines);
        values.put("engines.memory", engineMemory);
        values.put("key.length", keyLength);
        values.put("enable.post.code", postCode);
        values.put("error.showcall", showCall);
        values.put("error.backtrace", backtrace);
        values.put("output.max", maxOutput);
        values.put("httpcache.post", postCache.toSeconds());
        values.put("cache.memory", cacheMemory);
        values.put("cache.disk", cacheDisk);
        values.put(MAX_RESULT, maxResult);
        values.put(DiskReserve.KEY, reserve.bytes());
        return values.entrySet().stream()
                .filter(one -> !one.getValue().toString().isEmpty())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().toString()));
    }

    /** As many as a machine can do with, see {@code workers.max}. */
    static int usualWorkers(int cores, long memory) {
        long fitting = (memory - SERVER_MEMORY) / WORKER_MEMORY;
        return (int) Math.max(2, Math.min(2L * cores, fitting));
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Of the machine, or of the container that this runs in. */
    private static long memory() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
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
