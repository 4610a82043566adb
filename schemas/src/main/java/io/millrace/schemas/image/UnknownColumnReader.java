package io.millrace.schemas.image;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.schemas.RejectedRecordException;
import io.millrace.schemas.RejectedRecordException.Reason;
import io.millrace.schemas.UnknownColumns;
import java.io.IOException;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads the columns of an image that the contract does not know, as the policy for them says. */
final class UnknownColumnReader {
  private final UnknownColumns policy;
  private final @Nullable String typeField;
  private final @Nullable Placeholder placeholder;

  /**
   * Reads by a policy.
   *
   * @param typeField what tells an event's type is no column, and not unknown either
   * @param placeholder what stands for an unchanged value, if something may
   */
  UnknownColumnReader(
      UnknownColumns policy, @Nullable String typeField, @Nullable Placeholder placeholder) {
    this.policy = policy;
    this.typeField = typeField;
    this.placeholder = placeholder;
  }

  /** Reads the value at the parser; it is kept, if the policy keeps any and it is wanted. */
  void read(JsonParser parser, String name, boolean keep, Columns result) throws IOException {
    if (name.equals(typeField)) {
      parser.skipChildren();
      return;
    }
    if (policy == UnknownColumns.REJECT) {
      throw new RejectedRecordException(
          Reason.UNKNOWN_COLUMN,
          "column "
              + name
              + " is not in the contract; add it, or choose capture or ignore as unknownColumns (of the"
              + " table in the contract, or --unknownColumns)");
    }
    result.addUnknown();
    if (policy == UnknownColumns.IGNORE) {
      parser.skipChildren();
      return;
    }
    try {
      TextReaders.storable(name);
      boolean text = parser.currentToken() == JsonToken.VALUE_STRING;
      if (placeholder != null && text && placeholder.isAt(parser)) {
        return;
      }
      String json = TextReaders.copy(parser);
      if (placeholder != null && placeholder.isArray(json)) {
        return;
      }
      if (keep) {
        result.addExtra(name, json);
      }
    } catch (BadValueException e) {
      throw new RejectedRecordException(
          Reason.BAD_VALUE, "column " + name + " (not in the contract): " + e.getMessage());
    }
  }
}
