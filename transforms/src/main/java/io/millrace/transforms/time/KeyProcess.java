package io.millrace.transforms.time;

import java.io.Serializable;
import java.util.List;

/** What {@link ProcessInOrder} does with a key's events. */
public interface KeyProcess<OutputT> extends Serializable {

  /**
   * Takes a key's next events. Over all turns they come in order of time, those of the same time in
   * order of their bytes, however they came; what is made of them must not depend on where one turn
   * ends and the next begins.
   *
   * @param key as encoded
   * @param events all before the watermark that no earlier turn had; none if the turn was asked
   *     for, or is one of those that come every now and then
   */
  void process(byte[] key, List<KeyEvent> events, KeyTurn<OutputT> turn);
}
