/** Writing records to topics. */
package io.millrace.transforms.write;
