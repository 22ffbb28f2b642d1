/** Name and version under which spans, metrics and logs are emitted. */
export const PACKAGE_NAME = '@streamgauge/instrumentation-openai'
/** Kept equal to package.json by a test. */
export const PACKAGE_VERSION = '0.0.0'
/** Versions of `openai` that are hooked. */
export const SUPPORTED_OPENAI = '>=6 <8'
