/** Schema registries that are asked over HTTP. */
package io.millrace.transforms.registry;
