/** Entities that are what their events made of them. */
package io.millrace.transforms.entity;
