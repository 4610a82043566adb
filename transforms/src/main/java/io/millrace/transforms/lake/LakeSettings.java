package io.millrace.transforms.lake;

import io.millrace.schemas.UnknownColumns;
import io.millrace.schemas.contract.Contract;
import java.io.Serializable;
import org.joda.time.Duration;

/**
 * What every part of the sink knows.
 *
 * @param bytes of packed changes after which they are written
 * @param rows after which they are written
 * @param age after which they are written
 * @param shards of keys
 */
record LakeSettings(
    String directory,
    Contract contract,
    UnknownColumns unknownColumns,
    long bytes,
    long rows,
    Duration age,
    int shards)
    implements Serializable {}
