/** Looking at a lake. */
package io.millrace.pipelines.lake;
