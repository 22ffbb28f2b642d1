// The loader hook that OpenTelemetry's own documentation asks for: all modules, in a thread of its own.
import { register } from 'node:module'

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)
