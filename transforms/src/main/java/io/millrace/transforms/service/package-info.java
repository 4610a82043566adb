/** Asking services for what belongs to an element's key, many keys at a time. */
package io.millrace.transforms.service;
