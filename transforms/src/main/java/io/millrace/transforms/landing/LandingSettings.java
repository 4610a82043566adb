package io.millrace.transforms.landing;

import java.io.Serializable;
import org.joda.time.Duration;

/**
 * What every part of the sink knows.
 *
 * @param blockOffsets of a landing that is begun
 * @param bytes of packed records after which they are written
 * @param age after which they are written
 */
record LandingSettings(String directory, long blockOffsets, long bytes, Duration age)
    implements Serializable {}
