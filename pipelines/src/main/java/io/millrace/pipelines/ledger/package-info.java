/** What runs read, and what became of it. */
package io.millrace.pipelines.ledger;
