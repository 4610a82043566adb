package io.millrace.transforms.block;

import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.values.PCollection;

/** What transforms with state of their own ask of their input. */
public final class GlobalInput {

  /**
   * Holds that input is in the global window.
   *
   * @param transform whose input it is
   * @throws IllegalArgumentException if it is in other windows
   */
  public static void require(PCollection<?> input, String transform) {
    if (!(input.getWindowingStrategy().getWindowFn() instanceof GlobalWindows)) {
      throw new IllegalArgumentException(
          transform
              + " needs its input in the global window, got "
              + input.getWindowingStrategy().getWindowFn());
    }
  }

  private GlobalInput() {}
}
