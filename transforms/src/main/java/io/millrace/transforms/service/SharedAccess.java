package io.millrace.transforms.service;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the threads of a JVM that run one transform have in common, from the first to the last. */
final class SharedAccess<K, R> {
  private static final Logger LOG = LoggerFactory.getLogger(SharedAccess.class);
  private static final Map<String, SharedAccess<?, ?>> ALL = new HashMap<>();

  private final String id;
  private final ServiceAccess<K, R> service;
  private final AnswerCache<R> cache;
  private int users;

  private SharedAccess(String id, ServiceAccess<K, R> service, AnswerCache<R> cache) {
    this.id = id;
    this.service = service;
    this.cache = cache;
  }

  /**
   * The one of a transform, to be released.
   *
   * @throws ServiceException if there can be no client
   */
  @SuppressWarnings("unchecked") // A transform's id is its own, and so are its types.
  static <K, R> SharedAccess<K, R> acquire(
      String id, ServiceConnector<K, R> connector, CallPolicy calls, CachePolicy caching) {
    synchronized (ALL) {
      SharedAccess<K, R> shared = (SharedAccess<K, R>) ALL.get(id);
      if (shared == null) {
        shared =
            new SharedAccess<>(
                id,
                new ServiceAccess<>(connector.toString(), connect(connector), calls),
                new AnswerCache<>(caching, Ticker.systemTicker()));
        ALL.put(id, shared);
      }
      shared.users++;
      return shared;
    }
  }

  private static <K, R> ServiceClient<K, R> connect(ServiceConnector<K, R> connector) {
    try {
      return connector.connect();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException("connecting to " + connector + " was interrupted", e);
    } catch (Exception e) {
      throw new ServiceException("there is no client of " + connector + ": " + e.getMessage(), e);
    }
  }

  ServiceAccess<K, R> service() {
    return service;
  }

  AnswerCache<R> cache() {
    return cache;
  }

  void release() {
    synchronized (ALL) {
      users--;
      if (users > 0) {
        return;
      }
      ALL.remove(id);
    }
    try {
      service.close();
    } catch (IOException e) {
      LOG.warn("a client was not closed well: {}", e.toString());
    }
  }
}
