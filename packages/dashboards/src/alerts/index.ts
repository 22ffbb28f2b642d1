import type { Alert } from './alert.ts'
import { BROKEN_STREAM_ALERTS } from './broken-streams.ts'
import { PARSE_ERROR_ALERTS } from './parse-errors.ts'
import { PATTERN_ALERTS } from './patterns.ts'

/** All alerts, in the order of the runbook. */
export const ALERTS: readonly Alert[] = [...PARSE_ERROR_ALERTS, ...BROKEN_STREAM_ALERTS, ...PATTERN_ALERTS]
