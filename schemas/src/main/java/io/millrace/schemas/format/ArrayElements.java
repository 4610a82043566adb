package io.millrace.schemas.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.Image;
import io.millrace.schemas.ImageEncoding;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.contract.ColumnContract;
import io.millrace.schemas.contract.ParentArray;
import io.millrace.schemas.contract.TableContract;
import io.millrace.schemas.wire.JsonFields;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Makes images of the elements of an array in a row: the element's fields, the columns of the
 * parent's key, and the element's place. An element that is no object is a field {@code value}; one
 * that is null is none.
 */
final class ArrayElements {
  private static final int MOST_ENCODINGS = 1_000;

  private final TableContract parent;
  private final ParentArray array;
  private final @Nullable String ordinal;
  private final Map<String, String> parentColumns = new LinkedHashMap<>();
  private final Map<ImageEncoding, ImageEncoding> encodings = new HashMap<>();
  private final String placeholder;

  ArrayElements(TableContract child, TableContract parent) {
    this.parent = parent;
    this.array = child.parent().orElseThrow();
    for (ColumnContract column : child.columns()) {
      ParentArray.parentColumn(column)
          .ifPresent(name -> parentColumns.put(column.physicalName(), name));
    }
    this.ordinal =
        child.columns().stream()
            .filter(column -> column.name().equals(array.ordinalColumn()))
            .map(ColumnContract::physicalName)
            .findFirst()
            .orElse(null);
    this.placeholder =
        parent
            .customProperties()
            .getOrDefault("unavailable.value.placeholder", "__debezium_unavailable_value");
  }

  /** What of a row matters to its elements: fields as they stand in JSON. */
  private static final class Fields {
    private final Map<String, byte[]> key = new HashMap<>();
    private byte @Nullable [] array;
    private boolean hasMore;
  }

  /**
   * The elements of one row's array as those of another.
   *
   * @param keyRow the row whose elements they are
   * @param arrayRow the row that has the array
   * @return null if it does not have it
   * @throws RejectedRecordException if it has something else in its place
   */
  @Nullable List<Image> of(Image keyRow, Image arrayRow) {
    try {
      Fields fields = fields(arrayRow);
      // With another replica identity than FULL, nulls stand for all that is not the key.
      if (fields.array == null || (isNull(fields.array) && !fields.hasMore)) {
        return null;
      }
      Map<String, byte[]> key = keyRow.equals(arrayRow) ? fields.key : fields(keyRow).key;
      return isNull(fields.array)
          ? List.of()
          : elements(fields.array, key, encoding(keyRow.encoding()));
    } catch (IOException e) {
      throw Json.rejection(e);
    }
  }

  private Fields fields(Image row) throws IOException {
    Fields fields = new Fields();
    try (JsonParser parser = Json.parser(row.buffer(), row.offset(), row.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new RejectedRecordException(Reason.MALFORMED, "a row image is not a JSON object");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        if (parent.isNamed(array.arrayColumn(), name)) {
          fields.array = array(parser, row);
        } else if (parentColumns.values().stream().anyMatch(key -> parent.isNamed(key, name))) {
          fields.key.put(parent.column(name).orElseThrow().physicalName(), value(parser, row));
        } else {
          fields.hasMore |= token != JsonToken.VALUE_NULL;
          parser.skipChildren();
        }
      }
    }
    return fields;
  }

  /** The array at the parser, which may also stand in a text; null if it is marked as unchanged. */
  private byte @Nullable [] array(JsonParser parser, Image row) throws IOException {
    byte[] value =
        parser.currentToken() == JsonToken.VALUE_STRING
            ? parser.getText().getBytes(StandardCharsets.UTF_8)
            : value(parser, row);
    String text = new String(value, StandardCharsets.UTF_8);
    boolean isUnchanged = text.equals(placeholder) || text.equals("[\"" + placeholder + "\"]");
    return isUnchanged ? null : value;
  }

  private static byte[] value(JsonParser parser, Image row) throws IOException {
    int start = row.offset() + (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int end = row.offset() + (int) parser.currentLocation().getByteOffset();
    return Arrays.copyOfRange(row.buffer(), start, end);
  }

  private static boolean isNull(byte[] json) {
    return new String(json, StandardCharsets.UTF_8).equals("null");
  }

  private List<Image> elements(byte[] json, Map<String, byte[]> key, ImageEncoding encoding)
      throws IOException {
    Image whole = Image.of(json, 0, json.length, encoding);
    List<Image> elements = new ArrayList<>();
    try (JsonParser parser = Json.parser(json, 0, json.length)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new RejectedRecordException(
            Reason.BAD_VALUE, "column " + array.arrayColumn() + " is not an array");
      }
      int place = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        place++;
        boolean isObject = parser.currentToken() == JsonToken.START_OBJECT;
        if (parser.currentToken() != JsonToken.VALUE_NULL) {
          elements.add(element(value(parser, whole), isObject, place, key, encoding));
        }
      }
    }
    return elements;
  }

  private Image element(
      byte[] json, boolean isObject, int place, Map<String, byte[]> key, ImageEncoding encoding) {
    ByteArrayOutputStream row = new ByteArrayOutputStream(json.length + 64);
    row.write('{');
    parentColumns.forEach(
        (name, parentName) -> {
          byte[] value = key.get(parentName);
          if (value != null) {
            append(row, name, value);
          }
        });
    if (ordinal != null) {
      append(row, ordinal, Integer.toString(place).getBytes(StandardCharsets.UTF_8));
    }
    if (!isObject) {
      append(row, "value", json);
    } else if (new String(json, 1, json.length - 2, StandardCharsets.UTF_8).isBlank()) {
      row.write('}');
      return image(row, encoding);
    } else {
      separate(row);
      row.write(json, 1, json.length - 1);
      return image(row, encoding);
    }
    row.write('}');
    return image(row, encoding);
  }

  private static void append(ByteArrayOutputStream row, String name, byte[] value) {
    separate(row);
    row.writeBytes(JsonFields.token(name));
    row.writeBytes(value);
  }

  private static void separate(ByteArrayOutputStream row) {
    if (row.size() > 1) {
      row.write(',');
    }
  }

  private static Image image(ByteArrayOutputStream row, ImageEncoding encoding) {
    byte[] bytes = row.toByteArray();
    return Image.of(bytes, 0, bytes.length, encoding);
  }

  /** The encoding of elements: the parent's columns are as in the parent, all else as is usual. */
  private ImageEncoding encoding(ImageEncoding ofParent) {
    if (encodings.size() >= MOST_ENCODINGS) {
      encodings.clear();
    }
    return encodings.computeIfAbsent(
        ofParent,
        encoding -> {
          Map<String, String> columns = new HashMap<>();
          parentColumns.forEach(
              (name, parentName) ->
                  encoding.columns().entrySet().stream()
                      .filter(told -> parent.isNamed(parentName, told.getKey()))
                      .forEach(told -> columns.put(name, told.getValue())));
          return ImageEncoding.of(encoding.format(), columns);
        });
  }
}
