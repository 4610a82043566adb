/** The pipeline that keeps views of several tables. */
package io.millrace.pipelines.denormalize;
