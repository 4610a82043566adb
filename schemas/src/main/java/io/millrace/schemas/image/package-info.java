/** Decoding images: from the JSON a source sent to values of the contract's types. */
package io.millrace.schemas.image;
