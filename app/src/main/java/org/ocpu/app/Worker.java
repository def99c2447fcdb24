package org.ocpu.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One request to one worker: connecting takes a waiting worker of the engine that listens there, which answers and exits.
 *
 * <p>Frames, all numbers little-endian: the worker says its process id and its user (32 bits each); the request is header length,
 * time limit in milliseconds, what the worker is to do (see the roles), and length of the paths (32 bits each), the paths, each with a
 * zero byte at its end, and the header, JSON; the reply is header length (32 bits), body length (64 bits), header and
 * body. The paths are the request's box and what else it may read: the worker confines itself to these before it looks at the
 * header. The engine kills the worker at the time limit, which ends the connection. One-shot, for one thread.
 */
final class Worker implements AutoCloseable {
    /** More than any reply has, and few enough for the objects that they become. */
    private static final long MOST_TOKENS = 200_000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
            .build());

    /** What is sent at once is held in memory; larger bodies come as files, see {@code spill} in {@code ocpu.worker}. */
    private static final int MOST = 4 << 20;

    /** A worker's word is not enough to make room for more. */
    private static final int STEP = 64 << 10;

    private static final int ANSWER = 0;
    private static final int BECOME_ENGINE = 1;
    private static final int TELL_PROMOTED = 2;

    /** An engine that is stopped, or misled by what it has loaded, ends no worker. */
    private static final long GRACE_SECONDS = 15;

    private static final long REPORT_SECONDS = 5;

    private static final ScheduledThreadPoolExecutor ALARM = alarm();

    private final SocketChannel channel;
    private final WorkerEnds ends;
    private final TimeLimit limit;
    private final ScheduledFuture<?> overdue;
    private int pid;
    private CompletableFuture<WorkerEnd> ended = CompletableFuture.completedFuture(WorkerEnd.UNKNOWN);

    /** Connects to the engine that listens there. */
    Worker(Path socket, WorkerEnds ends, TimeLimit limit) {
        this.ends = ends;
        this.limit = limit;
        try {
            this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new EngineException("No R engine answers at its socket.", e);
        }
        this.overdue = ALARM.schedule(this::hangUp, limit.duration().toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS);
    }

    private static ScheduledThreadPoolExecutor alarm() {
        ScheduledThreadPoolExecutor alarm = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("worker-alarm"));
        alarm.setRemoveOnCancelPolicy(true);
        return alarm;
    }

    /**
     * Waits for the worker; its user id, 0 when it has no user of its own.
     *
     * @throws EngineException when there is none any more: nothing has been asked of it yet
     */
    int meet() {
        try {
            ByteBuffer hello = read(8);
            pid = hello.getInt();
            ended = ends.met(pid);
            return hello.getInt();
        } catch (AsynchronousCloseException e) {
            ends.missed();
            throw lost(e);
        } catch (IOException e) {
            ends.missed();
            throw new EngineException("The R engine ended before it took the request.", e);
        }
    }

    /**
     * Sends the request and waits for the answer.
     *
     * @throws WorkerLostException when the worker ended without one
     */
    Reply call(ObjectNode request, RequestDirectory directory) {
        List<Path> paths = Stream.concat(Stream.of(directory.path(), directory.in()), directory.readable().stream())
                .toList();
        return call(request, paths, ANSWER);
    }

    /** Has the worker become an engine; this connection is then its lifeline. */
    Reply becomeEngine(ObjectNode request) {
        Reply reply = call(request, List.of(), BECOME_ENGINE);
        overdue.cancel(false);
        return reply;
    }

    /** Has its engine know that another of its workers has become one, so that this is not ended when its time is up. */
    void tellPromoted(int engine) {
        call(JSON.getNodeFactory().numberNode(engine), List.of(), TELL_PROMOTED);
    }

    private Reply call(JsonNode request, List<Path> paths, int role) {
        try {
            byte[] header = JSON.writeValueAsBytes(request);
            byte[] allPaths = paths.stream()
                    .map(path -> path + "\0")
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8);
            ByteBuffer frame = buffer(16 + allPaths.length + header.length);
            frame.putInt(header.length)
                    .putInt((int) Math.min(Integer.MAX_VALUE, limit.duration().toMillis()))
                    .putInt(role)
                    .putInt(allPaths.length);
            write(frame.put(allPaths).put(header).flip());
            ByteBuffer lengths = read(12);
            long headerLength = lengths.getInt();
            long bodyLength = lengths.getLong();
            if (headerLength < 0 || headerLength > MOST || bodyLength < 0 || bodyLength > MOST) {
                throw new IOException("it is too long");
            }
            byte[] answer = bytes((int) headerLength);
            return new Reply(JSON.readTree(answer), bytes((int) bodyLength));
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private WorkerLostException lost(IOException e) {
        if (e instanceof AsynchronousCloseException) {
            return new WorkerLostException(new WorkerEnd(true, true, 9).explain(limit));
        }
        return new WorkerLostException(
                e instanceof EOFException
                        ? end().explain(limit)
                        : "The R process broke off its answer: " + e.getMessage());
    }

    /** Waits for the report, which is at most moments behind the end of the connection. */
    private WorkerEnd end() {
        try {
            return ended.get(REPORT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return WorkerEnd.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return WorkerEnd.UNKNOWN;
        }
    }

    /** Told when it has ended, with all that it had started; at once when there was none. */
    CompletableFuture<WorkerEnd> ended() {
        return ended;
    }

    /** As the worker's engine knows it. */
    int pid() {
        return pid;
    }

    WorkerEnds ends() {
        return ends;
    }

    /** What the worker says after its answer. */
    InputStream rest() {
        return Channels.newInputStream(channel);
    }

    private void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Takes memory as the bytes arrive. */
    private byte[] bytes(int length) throws IOException {
        byte[] bytes = {};
        for (int have = 0; have < length; have = bytes.length) {
            int room = Math.min(length - have, Math.max(STEP, have));
            bytes = Arrays.copyOf(bytes, have + room);
            fill(ByteBuffer.wrap(bytes, have, room));
        }
        return bytes;
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer buffer = buffer(length);
        fill(buffer);
        return buffer.flip();
    }

    private void fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void hangUp() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new EngineException("Cannot close the connection to a worker.", e);
        }
    }

    /** Ends the connection, and with it an engine whose lifeline it is. */
    @Override
    public void close() {
        overdue.cancel(false);
        hangUp();
    }
}
