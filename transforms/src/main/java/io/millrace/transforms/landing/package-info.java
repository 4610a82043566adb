/** Records of topics as they were received, as Parquet in a directory, with a manifest. */
package io.millrace.transforms.landing;
