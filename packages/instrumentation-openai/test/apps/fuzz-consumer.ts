// Plays cases that its parent sends, one after the other, and answers with what the application saw of each, and what was
// told of it.
//
//   fork('fuzz-consumer.ts', ['<major>', 'watched' | 'bare'], { execArgv: ['--expose-gc'] })
import { diag, DiagLogLevel, type Attributes } from '@opentelemetry/api'
import { instrumentOpenAI } from '@streamgauge/instrumentation-openai'
import { serveBody, turns, type FuzzBody, type ServedBody } from './fuzz-body.ts'
import { runProgram, type FuzzProgram } from './fuzz-program.ts'
import { loadSdk, type Sdk } from './sdks.ts'
import { setUpTelemetry } from './telemetry.ts'

/** One case. */
export interface FuzzCase {
  readonly api: 'chat' | 'responses'
  readonly body: FuzzBody
  readonly program: FuzzProgram
}

/** What came of it. */
export interface FuzzResult {
  /** What the application saw, to be the same with and without us. */
  readonly seen: {
    readonly log: readonly unknown[]
    readonly body: readonly string[]
    readonly controller: unknown
    readonly streamKeys: readonly string[]
    readonly rejections: readonly unknown[]
    readonly consoleErrors: number
  }
  /** Reads that the body gave. */
  readonly reads: number
  /** Absent without instrumentation. */
  readonly told?: Told | undefined
}

/** What was told of it. */
export interface Told {
  readonly started: number
  readonly spans: readonly { readonly attributes: Attributes; readonly status: number; readonly ended: boolean }[]
  readonly logRecords: number
  /** Sums of the counters since the case before. */
  readonly counters: Readonly<Record<string, number>>
  readonly diag: readonly string[]
}

const [, , major = '', mode] = process.argv
const sdk: Sdk = await loadSdk(Number(major))
const telemetry = mode === 'watched' ? setUpTelemetry() : undefined
const messages: string[] = []
const note = (...parts: unknown[]): void => void messages.push(parts.map(String).join(' '))
diag.setLogger({ error: note, warn: note, info: () => {}, debug: () => {}, verbose: () => {} }, DiagLogLevel.WARN)
if (telemetry !== undefined) instrumentOpenAI(sdk)

const rejections: unknown[] = []
let describeHere: (thrown: unknown) => unknown = String
process.on('unhandledRejection', (reason) => void rejections.push(describeHere(reason)))
// openai 4 to 6 print what they cannot read.
let consoleErrors = 0
console.error = () => void consoleErrors++

const collect = (globalThis as { gc?: () => void }).gc
if (collect === undefined) throw new Error('run it with --expose-gc')

/** Everything of the application's stands in here, so that nothing holds it when this is over. */
async function play({ api, body, program }: FuzzCase): Promise<Omit<FuzzResult, 'told'>> {
  const log: unknown[] = []
  const signal = new AbortController()
  let served: ServedBody | undefined
  const describe = (thrown: unknown): unknown => describeThrown(thrown, served?.error, signal)
  describeHere = describe
  const openai = new sdk.OpenAI({
    apiKey: 'test',
    baseURL: 'http://llm.example/v1',
    maxRetries: 0,
    logLevel: 'off',
    fetch: async (_url: unknown, init?: RequestInit) => {
      served = serveBody(body, init?.signal)
      return respond(served.body)
    },
  })
  const request = { signal: signal.signal }
  const asked =
    api === 'chat'
      ? openai.chat.completions.create(
          { model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true },
          request,
        )
      : openai.responses.create({ model: 'm', input: 'Hi', stream: true }, request)
  let streamKeys: string[] = []
  let controller: unknown
  try {
    const opened: unknown = program.via === 'raw' ? await asked.asResponse() : await asked
    if (program.via !== 'raw') streamKeys = Reflect.ownKeys(opened as object).map(String)
    await runProgram(program, opened, { signal, describe, log })
    await turns(4)
    const own = (opened as { controller?: AbortController }).controller?.signal
    controller = own === undefined ? undefined : [own.aborted, own.aborted ? describe(own.reason) : undefined]
  } catch (error) {
    log.push(['failed', describe(error)])
  }
  await turns(4)
  const seen = {
    log,
    body: [...(served?.log ?? [])],
    controller,
    streamKeys,
    rejections: rejections.splice(0),
    consoleErrors,
  }
  consoleErrors = 0
  // Nothing of this case is held on to.
  describeHere = String
  return {
    seen,
    // A stream that was handed to others reads on behind the program's back.
    get reads() {
      return served?.reads ?? 0
    },
  }
}

function respond(body: unknown): Response {
  const headers = new Headers({ 'content-type': 'text/event-stream' })
  if (body instanceof ReadableStream) return new Response(body, { headers })
  return { ok: true, status: 200, headers, body, url: '' } as unknown as Response
}

function describeThrown(thrown: unknown, made: Error | undefined, signal: AbortController): unknown {
  if (typeof thrown !== 'object' || thrown === null) return `${typeof thrown} ${String(thrown)}`
  const { name, message, code, status, cause } = thrown as Error & { code?: unknown; status?: unknown }
  return {
    type: thrown.constructor.name,
    name,
    message,
    code,
    status,
    keys: Reflect.ownKeys(thrown).map(String),
    isOurs: thrown === made,
    isReason: signal.signal.aborted && thrown === signal.signal.reason,
    cause: cause === undefined ? undefined : (cause as Error).message,
    causeCode: (cause as { code?: unknown } | undefined)?.code,
    isOurCause: cause !== undefined && cause === made?.cause,
  }
}

const before: Record<string, number> = {}

async function tell(): Promise<Told | undefined> {
  if (telemetry === undefined) return undefined
  // What nobody reads on ends when it is collected.
  for (let round = 0; round < 20 && telemetry.ended() < telemetry.started(); round++) {
    collect?.()
    await turns(2)
  }
  const { metrics } = await telemetry.allMetrics()
  const counters: Record<string, number> = {}
  for (const [name, points] of Object.entries(metrics)) {
    let sum = 0
    for (const { value } of points) if (typeof value === 'number') sum += value
    counters[name] = sum - (before[name] ?? 0)
    before[name] = sum
  }
  const spans = telemetry
    .spans()
    .filter(({ name }) => name !== 'streamgauge.chunk')
    .map(({ attributes, status, ended }) => ({ attributes, status: status.code, ended }))
  const told = {
    started: telemetry.started(),
    spans,
    logRecords: telemetry.logRecords().length,
    counters,
    diag: messages.splice(0),
  }
  telemetry.reset()
  return told
}

process.on('message', (one: FuzzCase) => {
  void (async () => {
    const result = await play(one)
    const told = await tell()
    process.send?.({ ...result, told } satisfies FuzzResult)
  })()
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
