import { checkOptions, integer, ofType, type Rules } from '../check-options.ts'
import { RECOVERY_ATTR, RECOVERY_METRIC } from '../semconv.ts'
import { count } from '../telemetry.ts'
import { MAX_HELD_BYTES, Reassembler, type RepairType } from './reassembler.ts'

/** A `fetch` of any make: that of the platform, or the one that `node-fetch` gives openai 4. */
export type Fetch = (input: never, init?: never) => Promise<unknown>

/** How events are put back together. */
export interface ReassembleOptions {
  /** Told of each place that was put right, beside the counter `streamgauge.recovery.repaired`. */
  readonly onRepair?: ((type: RepairType) => void) | undefined
  /**
   * Most bytes that are held back for one event, 1024 to 2^31-1: what is larger passes untouched.
   *
   * @defaultValue 1048576
   */
  readonly maxHeldBytes?: number | undefined
}

/**
 * A `fetch` that puts events back together which a hop cut in two by a blank line or glued to each other, before the SDK parses
 * them: `new OpenAI({ fetch: reassemble() })`. Answers other than `text/event-stream` pass as they are.
 *
 * It only takes away and adds line ends and `data:` between data; what it can't put right passes untouched. Nothing is read ahead.
 *
 * @param fetch what asks; that of the platform where none is given
 * @throws RangeError where an option is unknown or out of range.
 * @public
 */
export function reassemble<F extends Fetch = typeof globalThis.fetch>(fetch?: F, options: ReassembleOptions = {}): F {
  checkOptions(options, RULES)
  const { onRepair, maxHeldBytes = MAX_HELD_BYTES } = options
  const repaired = (type: RepairType): void => {
    count(RECOVERY_METRIC.REPAIRED, { [RECOVERY_ATTR.REPAIR_TYPE]: type })
    onRepair?.(type)
  }
  const ask = (fetch ?? globalThis.fetch) as typeof globalThis.fetch
  const reassembling: typeof globalThis.fetch = async (input, init) => {
    const response = await ask(input, init)
    const isEventStream = /^\s*text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')
    if (response.status !== 200 || !isEventStream || response.body === null) return response
    return withBody(response, reassembleBody(response.body, new Reassembler(repaired, maxHeldBytes)))
  }
  // It takes and gives what the other one does.
  return reassembling as unknown as F
}

const RULES: Rules<ReassembleOptions> = {
  onRepair: ofType('function', 'a function of a type of repair'),
  maxHeldBytes: integer(1024, 2 ** 31 - 1),
}

/** The same response with another body. What a `Response` can't be made with is set on it. */
function withBody(response: Response, body: ReadableStream<Uint8Array>): Response {
  const { status, statusText, headers, url, redirected } = response
  const made = new Response(body, { status, statusText, headers: [...headers] })
  return Object.defineProperties(made, { url: { value: url }, redirected: { value: redirected } })
}

function reassembleBody(body: ReadableStream<Uint8Array>, events: Reassembler): ReadableStream<Uint8Array> {
  const reader = readerOf(body)
  let failure: { readonly error: unknown } | undefined
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // A failure comes behind all that came before it.
        if (failure !== undefined) return controller.error(failure.error)
        for (;;) {
          const { text, isLast, failed } = await readNext(reader, events)
          failure = failed
          if (text !== '') controller.enqueue(Buffer.from(text, 'latin1'))
          if (isLast) controller.close()
          else if (failed !== undefined && text === '') controller.error(failed.error)
          if (text !== '' || isLast || failed !== undefined) return
        }
      },
      async cancel(reason) {
        await reader.cancel(reason)
      },
    },
    // Nothing is asked for before somebody asks here.
    { highWaterMark: 0 },
  )
}

interface Next {
  readonly text: string
  readonly isLast?: boolean
  readonly failed?: { readonly error: unknown }
}

async function readNext(reader: BodyReader, events: Reassembler): Promise<Next> {
  let result: IteratorResult<Uint8Array, unknown>
  try {
    result = await reader.read()
  } catch (error) {
    return { text: events.fail(), failed: { error } }
  }
  if (result.done === true) return { text: events.end(), isLast: true }
  const { buffer, byteOffset, byteLength } = result.value
  return { text: events.push(Buffer.from(buffer, byteOffset, byteLength).toString('latin1')) }
}

interface BodyReader {
  read(): Promise<IteratorResult<Uint8Array, unknown>>
  cancel(reason: unknown): Promise<unknown>
}

/** Of a web stream, or of the stream of Node.js that the `fetch` of openai 4 gives. */
function readerOf(body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>): BodyReader {
  if ('getReader' in body) {
    const reader = body.getReader()
    return {
      read: () => reader.read(),
      cancel: (reason) => reader.cancel(reason),
    }
  }
  const iterator = body[Symbol.asyncIterator]()
  return { read: () => iterator.next(), cancel: async () => iterator.return?.() }
}
