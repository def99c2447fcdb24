package org.ocpu.app;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.ocpu.app.rdata.RDataException;
import org.ocpu.app.rdata.RDataLimitException;
import org.ocpu.app.rdata.RDataReader;
import org.ocpu.app.rdata.RValue;
import org.ocpu.app.rexp.RexpWriter;
import org.ocpu.app.table.NotTabularException;
import org.ocpu.app.table.TableFormat;

/** Output formats that are made here, from what R's {@code serialize()} makes of an object. */
enum JavaFormat {
    PB("application/x-protobuf", "pb"),
    FEATHER(TableFormat.FEATHER),
    ARROWIPC(TableFormat.ARROWIPC),
    PARQUET(TableFormat.PARQUET);

    /** What a worker is asked for instead. */
    private static final String SERIALIZED = "serialized";

    private static final int IN_MEMORY = 1 << 20;

    private final String mediaType;
    private final String extension;

    JavaFormat(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    JavaFormat(TableFormat table) {
        this(table.mediaType(), table.extension());
    }

    /** What a worker is to be asked for where that output is wanted. */
    static Output asked(Output wanted) {
        return of(wanted).isPresent() ? wanted.in(SERIALIZED) : wanted;
    }

    /** The output that is wanted, of what a worker made when it was asked for {@link #asked}; arguments as for {@link #of}. */
    static Rendered answer(Output wanted, Rendered made, String name, RequestDirectory directory) {
        Optional<JavaFormat> format = of(wanted);
        return format.map(known -> Conversions.one(() -> known.of(made, name, directory)))
                .orElse(made);
    }

    private static Optional<JavaFormat> of(Output wanted) {
        return wanted.format().flatMap(JavaFormat::named);
    }

    private static Optional<JavaFormat> named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }

    /**
     * The object in this format.
     *
     * @param serialized the object as R serialized it; is closed
     * @param name of the file that a browser would save it as, without extension
     */
    private Rendered of(Rendered serialized, String name, RequestDirectory directory) {
        Path made = directory.root().resolve("made");
        try (InputStream in = new BufferedInputStream(serialized.content().stream());
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(made))) {
            write(new RDataReader(in, Conversions.limit()), out);
        } catch (RDataLimitException e) {
            throw new TooLargeException(Conversions.refusal("The result") + " Ask for it as rds or json.");
        } catch (NotTabularException | RDataException e) {
            throw new BadRequestException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a rendered value", e);
        }
        return new Rendered(
                Optional.of(mediaType),
                Optional.of(name + "." + extension),
                content(made, directory.body()),
                serialized.cache());
    }

    private void write(RDataReader reader, OutputStream out) throws IOException {
        RValue value = reader.read();
        if (this == PB) {
            RexpWriter.write(value, reader.header(), out);
        } else {
            TableFormat.valueOf(name()).write(value, out);
        }
    }

    /** A large one takes the place of the worker's answer. */
    private static Content content(Path made, Path body) {
        try {
            if (Files.size(made) <= IN_MEMORY) {
                return new Content.InMemory(Files.readAllBytes(made));
            }
            Files.move(made, body, StandardCopyOption.REPLACE_EXISTING);
            return Content.OnDisk.open(body);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a rendered value", e);
        }
    }
}
