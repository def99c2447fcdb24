package org.ocpu.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * One request to one worker: connecting takes a waiting worker of the engine that listens there, which answers and exits.
 *
 * <p>Frames, all numbers little-endian: the worker says its process id (32 bits); the request is header length and time limit in
 * milliseconds (32 bits each) and the header, a JSON object; the reply is header length (32 bits), body length (64 bits), header and
 * body. The engine kills the worker at the time limit, which ends the connection. One-shot, for one thread.
 */
final class Worker implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SocketChannel channel;
    private final WorkerEnds ends;
    private int pid;

    Worker(Path socket, WorkerEnds ends) {
        this.ends = ends;
        try {
            this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new EngineException("No R engine answers at its socket.", e);
        }
    }

    /**
     * Sends the request and waits for the answer.
     *
     * @throws WorkerLostException when the worker ended without one
     */
    Reply call(ObjectNode request, TimeLimit limit) {
        try {
            byte[] header = JSON.writeValueAsBytes(request);
            ByteBuffer frame = buffer(8 + header.length);
            frame.putInt(header.length)
                    .putInt((int) Math.min(Integer.MAX_VALUE, limit.duration().toMillis()));
            write(frame.put(header).flip());
            pid = read(4).getInt();
            ByteBuffer lengths = read(12);
            int headerLength = lengths.getInt();
            long bodyLength = lengths.getLong();
            byte[] answer = read(headerLength).array();
            return new Reply(JSON.readTree(answer), read((int) bodyLength).array());
        } catch (EOFException e) {
            throw new WorkerLostException(ends.of(pid).explain(limit));
        } catch (IOException e) {
            throw new WorkerLostException("The R process broke off its answer: " + e.getMessage());
        }
    }

    /** The worker's process id, once it was called. */
    int pid() {
        return pid;
    }

    private void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer buffer = buffer(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Ends the connection, and with it an engine whose lifeline it is. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new EngineException("Cannot close the connection to a worker.", e);
        }
    }
}
