/** Business events: parsing them, and making rows of them. */
package io.millrace.transforms.event;
