/** What the build puts in place: how often each preset succeeds. */
declare const MEASURED: Record<string, import("./measure.js").Measured>;
