/** Reading and writing the bytes of Millrace's own binary formats. */
package io.millrace.schemas.wire;
