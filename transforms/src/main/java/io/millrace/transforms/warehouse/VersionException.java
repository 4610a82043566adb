package io.millrace.transforms.warehouse;

import java.util.List;

/**
 * What was asked of versions of tables cannot be, and nothing was changed. The message says what
 * stands in the way, and the remedy.
 */
public final class VersionException extends WarehouseException {
  private static final long serialVersionUID = 1L;

  VersionException(String message) {
    super(Category.ENVIRONMENT, message, null);
  }

  static VersionException of(String message, List<String> faults) {
    return new VersionException(message + ":\n  - " + String.join("\n  - ", faults));
  }
}
