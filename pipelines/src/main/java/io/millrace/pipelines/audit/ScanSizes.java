package io.millrace.pipelines.audit;

/**
 * How a table is divided while it is looked through.
 *
 * @param rangeRows how many rows a range of the first look has, about
 * @param ranges how many ranges there are, at most
 * @param statementRows how many rows a statement reads, about, where it need not read all
 * @param leafRows ranges of up to so many rows are not divided further: their rows' hashes are
 *     fetched
 * @param fetchedRows of how many rows the hashes are fetched at once, about
 * @param parts into how many parts a range is divided that differs and is larger
 */
record ScanSizes(
    int rangeRows, int ranges, int statementRows, int leafRows, int fetchedRows, int parts) {
  static final ScanSizes USUAL = new ScanSizes(5_000, 4_096, 250_000, 20_000, 100_000, 32);
}
