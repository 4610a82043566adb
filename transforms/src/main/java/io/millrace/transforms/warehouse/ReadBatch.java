package io.millrace.transforms.warehouse;

import java.util.List;

/**
 * A batch that is ready to be written.
 *
 * @param events how many changes there are
 * @param tables in the order in which all workers take their locks
 * @param unreadable the changes that cannot be read
 */
record ReadBatch(int events, List<TableBatch> tables, List<RefusedChange> unreadable) {}
