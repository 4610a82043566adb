/** What the pipelines that compute tables of business events have in common. */
package io.millrace.pipelines.event;
