package io.millrace.transforms.block;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;

/**
 * Packs a bundle's elements into packets by bucket of their keys, inside a DoFn; see {@link
 * OpenBlocks} and {@link PacketReader}.
 */
public final class ElementPacker<K, V> {
  private final PackByKey<K, V> packing;
  private final Coder<K> keyCoder;
  private final Coder<V> valueCoder;
  private final OpenBlocks<PacketWriter> packets;
  private final EncodedBytes key = new EncodedBytes();
  private final EncodedBytes value = new EncodedBytes();

  ElementPacker(PackByKey<K, V> packing, Coder<K> keyCoder, Coder<V> valueCoder) {
    this.packing = packing;
    this.keyCoder = keyCoder;
    this.valueCoder = valueCoder;
    packets = new OpenBlocks<>(packing.buckets(), () -> new PacketWriter(packing.side()));
  }

  /** Adds an element with its timestamp in milliseconds since 1970. */
  public void add(K key, V value, long timestamp, OutputReceiver<KV<Integer, byte[]>> out) {
    this.key.encode(keyCoder, key);
    this.value.encode(valueCoder, value);
    int bucket = Buckets.of(Buckets.hash(this.key.bytes(), 0, this.key.size()), packing.buckets());
    if (packing.fanout() == 1) {
      add(bucket, timestamp, out);
    } else if (packing.isCopied()) {
      for (int copy = 0; copy < packing.fanout(); copy++) {
        add(packing.fannedOut(bucket, copy), timestamp, out);
      }
    } else {
      SerializableFunction<V, Integer> own = packing.hash();
      int hash =
          own == null ? Buckets.hash(this.value.bytes(), 0, this.value.size()) : own.apply(value);
      add(packing.fannedOut(bucket, Buckets.of(hash, packing.fanout())), timestamp, out);
    }
  }

  private void add(int bucket, long timestamp, OutputReceiver<KV<Integer, byte[]>> out) {
    packets
        .open(bucket, timestamp)
        .write(timestamp, this.key.bytes(), this.key.size(), this.value.bytes(), this.value.size());
    if (packets.isFull(bucket)) {
      packets.output(bucket, out::outputWithTimestamp);
    }
  }

  /** Hands over what is left. */
  public void finish(OpenBlocks.Output out) {
    packets.finish(out);
  }
}
