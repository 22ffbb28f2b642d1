import type { Start } from '../harness/subject.ts'
import { startRecording } from './recording-sdk.ts'

/** OpenTelemetry, and nothing that watches `openai`. */
export const start: Start = (require) => startRecording(require, [])
