package org.ocpu.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.ocpu.app.Arguments.Encoding;
import org.ocpu.app.Arguments.Upload;
import org.ocpu.app.Arguments.Value;
import org.ocpu.app.rdata.RDataException;
import org.ocpu.app.rdata.RDataLimitException;
import org.ocpu.app.rdata.RDataWriter;
import org.ocpu.app.rexp.RexpReader;

/** Puts arguments where a worker finds them: text into the request, bytes into files of its directory. One-shot. */
final class ArgumentsWriter {
    private final RequestDirectory directory;
    private final ObjectNode request;
    private int count;

    ArgumentsWriter(RequestDirectory directory, ObjectNode request) {
        this.directory = directory;
        this.request = request;
    }

    void write(Arguments arguments) {
        ObjectNode form = request.putObject("form");
        arguments.form().forEach(form::put);
        ArrayNode parts = request.putArray("parts");
        ObjectNode files = request.putObject("files");
        arguments.order().forEach(request.putArray("order")::add);
        try {
            if (arguments.body().isPresent()) {
                body(arguments.body().get());
            }
            for (Value value : arguments.values()) {
                parts.addObject()
                        .put("name", value.name())
                        .put("type", readable(value).name().toLowerCase(Locale.ROOT))
                        .put("path", file(value).toString());
            }
            for (Upload upload : arguments.uploads()) {
                upload.content().to(directory.files().resolve(upload.filename()));
                files.put(upload.argument(), upload.filename());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot pass the arguments on", e);
        }
    }

    private void body(Value body) throws IOException {
        if (body.encoding() == Encoding.JSON) {
            request.put("json", new String(body.bytes(), StandardCharsets.UTF_8));
        } else {
            request.put("rds", file(body).toString());
        }
    }

    /** R reads everything but protocol buffers, which become R's own serialization here. */
    private static Encoding readable(Value value) {
        return value.encoding() == Encoding.PROTOBUF ? Encoding.RDS : value.encoding();
    }

    private Path file(Value value) throws IOException {
        Path file = directory.in().resolve("argument" + ++count);
        if (value.encoding() != Encoding.PROTOBUF) {
            return Files.write(file, value.bytes());
        }
        Conversions.one(() -> convert(value.bytes(), file));
        return file;
    }

    private static Path convert(byte[] protobuf, Path file) {
        int limit = (int) Math.min(Integer.MAX_VALUE, Conversions.limit());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            RDataWriter.write(RexpReader.read(new ByteArrayInputStream(protobuf), limit), out);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot pass the arguments on", e);
        } catch (RDataLimitException e) {
            throw new TooLargeException(Conversions.refusal("The protocol buffer"));
        } catch (RDataException e) {
            throw new BadRequestException("Cannot read the protocol buffer: " + e.getMessage(), e);
        }
    }
}
