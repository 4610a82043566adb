/** What pipelines do with the tables that they compute. */
package io.millrace.pipelines.result;
