/** Runs every pipeline on the Direct runner. */
package io.millrace.runners.direct;
