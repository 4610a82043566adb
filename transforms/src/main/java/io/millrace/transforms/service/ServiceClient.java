package io.millrace.transforms.service;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Asks a service: whatever answers for keys over a network. One client is shared by the threads of
 * a JVM and called by several at a time.
 *
 * @param <K> the keys that are asked for
 * @param <R> the answers, which nothing may change once they were handed over
 */
public interface ServiceClient<K, R> extends Closeable {

  /**
   * Asks for keys, all in one call.
   *
   * @param keys different ones, at least one
   * @return the answers by key; a key that is not in it has none, which is an answer, too
   * @throws RefusedCallException if the service will never answer this, however often it is asked
   * @throws InterruptedException if the thread is interrupted, as is done to a call that takes too
   *     long; a call that pays no heed keeps its place among the concurrent ones until it ends
   * @throws Exception if it failed and may be tried again
   */
  Map<K, R> call(List<K> keys) throws Exception;

  /** Called once, when no thread of the JVM needs it any more. */
  @Override
  default void close() throws IOException {}
}
