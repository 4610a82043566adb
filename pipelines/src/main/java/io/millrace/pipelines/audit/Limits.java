package io.millrace.pipelines.audit;

import java.time.Duration;

/**
 * What a comparison may take.
 *
 * @param sizes how a table is divided
 * @param lag how long one side may take to follow the other
 * @param suspects how many keys of a table are looked at again, at most
 * @param rowsPerSecond how many rows are read from each side in a second, about and at most; 0: as
 *     fast as they come
 * @param examples how many rows are shown of each finding
 */
record Limits(ScanSizes sizes, Duration lag, int suspects, int rowsPerSecond, int examples) {}
