package org.ocpu.app.table;

import java.util.List;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** A table's Parquet schema, with the types that Arrow's C++ writer, which is R's, gives columns. */
final class ParquetSchema {
    private ParquetSchema() {}

    static MessageType of(List<Column> columns) {
        return new MessageType("schema", types(columns));
    }

    private static List<Type> types(List<Column> columns) {
        return columns.stream().map(ParquetSchema::type).toList();
    }

    private static Type type(Column column) {
        ArrowType type = column.type();
        return switch (type.getTypeID()) {
            case Bool -> leaf(column, PrimitiveTypeName.BOOLEAN, null);
            case Int -> number(column, (ArrowType.Int) type);
            case FloatingPoint -> leaf(column, PrimitiveTypeName.DOUBLE, null);
            case Utf8 -> leaf(column, PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType());
            case Date -> leaf(column, PrimitiveTypeName.INT32, LogicalTypeAnnotation.dateType());
            case Timestamp -> timestamp(column, (ArrowType.Timestamp) type);
            case Time -> time(column, (ArrowType.Time) type);
            case Duration -> leaf(column, PrimitiveTypeName.INT64, null); // Parquet has none
            case List -> list(column);
            case Struct -> struct(column);
            default -> throw new IllegalStateException("No Parquet type for " + type);
        };
    }

    private static Type leaf(Column column, PrimitiveTypeName type, LogicalTypeAnnotation annotation) {
        return Types.optional(type).as(annotation).named(column.name());
    }

    private static Type number(Column column, ArrowType.Int type) {
        PrimitiveTypeName stored = type.getBitWidth() == Long.SIZE ? PrimitiveTypeName.INT64 : PrimitiveTypeName.INT32;
        return leaf(
                column, stored, type.getIsSigned() ? null : LogicalTypeAnnotation.intType(type.getBitWidth(), false));
    }

    private static Type timestamp(Column column, ArrowType.Timestamp type) {
        boolean utc = type.getTimezone() != null;
        return leaf(
                column,
                PrimitiveTypeName.INT64,
                LogicalTypeAnnotation.timestampType(utc, LogicalTypeAnnotation.TimeUnit.MICROS));
    }

    /** Parquet has no times in seconds; {@link ParquetRow} writes them in milliseconds. */
    private static Type time(Column column, ArrowType.Time type) {
        return type.getUnit() == TimeUnit.SECOND
                ? leaf(
                        column,
                        PrimitiveTypeName.INT32,
                        LogicalTypeAnnotation.timeType(true, LogicalTypeAnnotation.TimeUnit.MILLIS))
                : leaf(
                        column,
                        PrimitiveTypeName.INT64,
                        LogicalTypeAnnotation.timeType(true, LogicalTypeAnnotation.TimeUnit.MICROS));
    }

    private static Type list(Column column) {
        Column items = ((Values.Lists) column.values()).items();
        return Types.optionalList().element(type(items.named("element"))).named(column.name());
    }

    private static Type struct(Column column) {
        List<Column> fields = ((Values.Structs) column.values()).fields();
        return Types.optionalGroup()
                .addFields(types(fields).toArray(new Type[0]))
                .named(column.name());
    }
}
