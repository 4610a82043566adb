/** Reading records in blocks: lines of files and records of Kafka topics. */
package io.millrace.transforms.read;
