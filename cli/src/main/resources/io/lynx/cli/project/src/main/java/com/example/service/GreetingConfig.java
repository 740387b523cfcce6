package com.example.service;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;

/** The section {@code greeting} of the configuration. */
record GreetingConfig(
        @Doc("The word before the name.") @Default("Hello") String salutation,

        @Doc("The length of a name at most.") @Default("40") @Range(min = "1", max = "1000")
        int maxLength) {}
