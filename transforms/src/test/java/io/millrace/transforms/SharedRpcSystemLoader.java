package io.millrace.transforms;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.AddressResolution;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.apache.flink.runtime.rpc.pekko.PekkoRpcSystemLoader;

/**
 * Lets all embedded Flinks of a JVM share what they call each other with. Left to itself, each
 * unpacks it anew, some 20 MB, and loads its classes anew, which takes longer than most tests.
 * Flink finds it by {@code META-INF/services}.
 */
public final class SharedRpcSystemLoader implements RpcSystemLoader {

  private static final class Holder {
    static final RpcSystem SHARED = load();

    private static RpcSystem load() {
      RpcSystem system = new PekkoRpcSystemLoader().loadRpcSystem(new Configuration());
      // It deletes what it has unpacked when it is closed.
      Runtime.getRuntime().addShutdownHook(new Thread(system::close, "close-rpc-system"));
      return system;
    }
  }

  /** Before that of Flink itself, which has 0. */
  @Override
  public int getLoadPriority() {
    return -1;
  }

  @Override
  public RpcSystem loadRpcSystem(Configuration configuration) {
    return new Kept(Holder.SHARED);
  }

  /** Stays open when one of those that share it is done. */
  private static final class Kept implements RpcSystem {
    private final RpcSystem system;

    Kept(RpcSystem system) {
      this.system = system;
    }

    @Override
    public RpcServiceBuilder localServiceBuilder(Configuration configuration) {
      return system.localServiceBuilder(configuration);
    }

    @Override
    public RpcServiceBuilder remoteServiceBuilder(
        Configuration configuration, String externalAddress, String externalPortRange) {
      return system.remoteServiceBuilder(configuration, externalAddress, externalPortRange);
    }

    @Override
    public String getRpcUrl(
        String hostname,
        int port,
        String endpointName,
        AddressResolution addressResolution,
        Configuration configuration)
        throws UnknownHostException {
      return system.getRpcUrl(hostname, port, endpointName, addressResolution, configuration);
    }

    @Override
    public InetSocketAddress getInetSocketAddressFromRpcUrl(String url) throws Exception {
      return system.getInetSocketAddressFromRpcUrl(url);
    }

    @Override
    public long getMaximumMessageSizeInBytes(Configuration configuration) {
      return system.getMaximumMessageSizeInBytes(configuration);
    }
  }
}
