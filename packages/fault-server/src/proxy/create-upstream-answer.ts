import type { IncomingMessage, ServerResponse } from 'node:http'
import { decodeBody } from './decode-body.ts'
import type { Asked } from './ask-upstream.ts'
import { forwardHeaders } from './forwarded-headers.ts'
import { Missed, type UpstreamAnswer, type UpstreamEvent } from './proxy-fault.ts'
import { splitEvents } from './split-events.ts'

/** The answer of the upstream, to be passed on event by event, or as it is. */
export interface PassedAnswer extends UpstreamAnswer {
  /** Passes on all that wasn't passed on yet, and ends the answer. */
  readonly passOn: () => Promise<void>
}

interface Input {
  readonly response: ServerResponse
  /** Asks, the first time; each time the same answer. */
  readonly ask: () => Promise<Asked>
  /** The client asked for a stream, whatever its type is called then. */
  readonly wantsStream: boolean
  readonly write: (bytes: Uint8Array) => Promise<void>
  readonly end: () => Promise<void>
}

/** What no longer holds for a body that is decompressed and may be cut. */
const OF_THE_BODY = ['content-length', 'content-encoding', 'etag', 'digest', 'content-digest', 'repr-digest']

const sendHead = (response: ServerResponse, answer: IncomingMessage, without: readonly string[]): void => {
  const { statusCode = 502, statusMessage = '', rawHeaders } = answer
  response.writeHead(statusCode, statusMessage, forwardHeaders(rawHeaders, without))
  response.flushHeaders()
}

const isEventStream = ({ statusCode = 0, headers }: IncomingMessage, wantsStream: boolean): boolean => {
  if (statusCode < 200 || statusCode > 299) return false
  return wantsStream || /^text\/event-stream\b/i.test(headers['content-type'] ?? '')
}

async function* withUpstreamErrors(body: AsyncIterable<Uint8Array>, { toError }: Asked): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw toError(error)
  }
}

/** Makes what passes an answer on. */
export const createPassedAnswer = ({ response, ask, wantsStream, write, end }: Input): PassedAnswer => {
  let events: AsyncGenerator<UpstreamEvent, void> | undefined
  const next = async (): Promise<UpstreamEvent | undefined> => (await events?.next())?.value ?? undefined

  const passUntouched = async (): Promise<void> => {
    const asked = await ask()
    sendHead(response, asked.answer, [])
    for await (const chunk of withUpstreamErrors(asked.answer, asked)) await write(chunk)
    const { rawTrailers } = asked.answer
    if (rawTrailers.length > 0) response.addTrailers(toPairs(rawTrailers))
  }
  return {
    open: async () => {
      const asked = await ask()
      const body = isEventStream(asked.answer, wantsStream) ? decodeBody(asked.answer) : undefined
      if (body === undefined) throw new Missed('not_an_event_stream')
      sendHead(response, asked.answer, OF_THE_BODY)
      events = splitEvents(withUpstreamErrors(body, asked))
    },
    next,
    passOn: async () => {
      if (events === undefined) await passUntouched()
      else for (let event = await next(); event !== undefined; event = await next()) await write(event.bytes)
      await end()
    },
  }
}

const toPairs = (raw: readonly string[]): [name: string, value: string][] =>
  Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? ''])
