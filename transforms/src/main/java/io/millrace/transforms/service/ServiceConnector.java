package io.millrace.transforms.service;

import java.io.Serializable;

/** Connects to a service, on each worker. It holds no secret, only the reference to one. */
public interface ServiceConnector<K, R> extends Serializable {

  /**
   * A client, which will be closed.
   *
   * @throws Exception if there can be none: that fails the run, so leave what may pass to the calls
   */
  ServiceClient<K, R> connect() throws Exception;

  /** What the service is called in errors and on a runner's page: no secret. */
  @Override
  String toString();
}
