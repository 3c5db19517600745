import * as z from "zod";

// Zod would try whether it may make code out of text, which the page's policy refuses and the browser reports. It tries
// when the first schema is made: this module comes before all others.
z.config({ jitless: true });
