// Hands over what is no class of openai, and prints the warnings as JSON.
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { instrumentOpenAI } from '@streamgauge/instrumentation-openai'
import { loadSdk } from './sdks.ts'

const warnings: string[] = []
const note = (message: string): void => void warnings.push(message)
diag.setLogger({ error: note, warn: note, info: () => {}, debug: () => {}, verbose: () => {} }, DiagLogLevel.WARN)
instrumentOpenAI({ OpenAI: Set, Stream: undefined })
const { OpenAI } = await loadSdk(7)
instrumentOpenAI({ OpenAI, Stream: Map })
process.stdout.write(JSON.stringify(warnings))
