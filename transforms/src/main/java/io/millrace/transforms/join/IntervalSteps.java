package io.millrace.transforms.join;

import io.millrace.transforms.block.PackByKey;
import io.millrace.transforms.time.LateElement;
import io.millrace.transforms.time.RouteLate;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;

/** The steps of a join of two streams. */
final class IntervalSteps<K, L, R> {
  private final IntervalRules rules;
  private final IntervalTypes<K, L, R> types;
  private final int buckets;
  private final int fanout;

  IntervalSteps(IntervalRules rules, IntervalTypes<K, L, R> types, int buckets, int fanout) {
    this.rules = rules;
    this.types = types;
    this.buckets = buckets;
    this.fanout = fanout;
  }

  JoinedStreams<K, L, R> apply(KeyedStreams<K, L, R> input) {
    if (fanout == 1) {
      return join(input.left(), input.right());
    }
    // All copies of an element have to be too late, or none.
    RouteLate.Result<KV<K, L>> left = input.left().apply("RouteLeft", route());
    RouteLate.Result<KV<K, R>> right = input.right().apply("RouteRight", route());
    return new JoinedStreams<>(
        join(left.onTime(), right.onTime()).joined(),
        elements("TooLateLeft", left.tooLate(), input.left().getCoder()),
        elements("TooLateRight", right.tooLate(), input.right().getCoder()));
  }

  private JoinedStreams<K, L, R> join(PCollection<KV<K, L>> left, PCollection<KV<K, R>> right) {
    PCollectionTuple joined =
        PCollectionList.of(left.apply("PackLeft", pack(IntervalSide.LEFT)))
            .and(right.apply("PackRight", pack(IntervalSide.RIGHT)))
            .apply("Both", Flatten.pCollections())
            .apply(
                "Join",
                ParDo.of(new IntervalJoinFn<>(rules, types))
                    .withOutputTags(
                        types.joined(),
                        TupleTagList.of(types.tooLateLeft()).and(types.tooLateRight())));
    return new JoinedStreams<>(
        joined
            .get(types.joined())
            .setCoder(
                KvCoder.of(
                    types.keyCoder(), JoinedCoder.of(types.leftCoder(), types.rightCoder()))),
        joined.get(types.tooLateLeft()).setCoder(left.getCoder()),
        joined.get(types.tooLateRight()).setCoder(right.getCoder()));
  }

  private <V> PackByKey<K, V> pack(IntervalSide side) {
    PackByKey<K, V> packing = PackByKey.<K, V>into(buckets).asSide(side.mark());
    IntervalSide copied =
        rules.kind() == IntervalKind.RIGHT_OUTER ? IntervalSide.LEFT : IntervalSide.RIGHT;
    return side == copied ? packing.copiedTo(fanout) : packing.spreadOver(fanout);
  }

  private <V> RouteLate.Split<KV<K, V>> route() {
    return RouteLate.<KV<K, V>>after(Duration.millis(rules.lateness())).withBuckets(buckets);
  }

  private static <T> PCollection<T> elements(
      String name, PCollection<LateElement<T>> late, Coder<T> coder) {
    return late.apply(name, ParDo.of(new ElementFn<T>())).setCoder(coder);
  }

  private static final class ElementFn<T> extends DoFn<LateElement<T>, T> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element LateElement<T> late, OutputReceiver<T> out) {
      out.output(late.element());
    }
  }
}
