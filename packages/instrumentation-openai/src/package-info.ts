/** Name and version under which spans, metrics and logs are emitted. */
export const PACKAGE_NAME = '@streamgauge/instrumentation-openai'
/** Kept equal to package.json by a test. */
export const PACKAGE_VERSION = '0.0.0'
/** Versions of `openai` that are hooked: from this minor of this major, to this major. */
export const MIN_MAJOR = 4
export const MIN_MINOR = 13
export const MAX_MAJOR = 7
export const SUPPORTED_OPENAI: string = `>=${MIN_MAJOR}.${MIN_MINOR} <${MAX_MAJOR + 1}`
