package io.millrace.transforms.service;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An element and what a service answered for its key.
 *
 * @param element that was given
 * @param answer for its key; null if the service has none
 */
public record Answered<V, R>(V element, @Nullable R answer) {}
