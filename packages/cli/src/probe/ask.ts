import { findTerminatorRule, readErrorFacts, StreamMonitor, type Ending } from '@streamgauge/core'
import { findDecoder } from '../content-decoder.ts'
import { readVersion } from '../version.ts'
import { ProxyError } from './connect.ts'
import { describeBody, describeHeaders, describeReport, readFacts, tlsOf } from './describe-answer.ts'
import type { Exchange } from './exchange.ts'
import type { ProxySetting } from './find-proxy.ts'
import { explainNoAnswer, explainNoStream, explainRefusal } from './obstacles.ts'
import { bodyFor, type Asking, type TokenLimit } from './plan.ts'
import { BodyReader, type BodyStop } from './read-body.ts'
import type { Answer, Session } from './session.ts'
import { authorization, type Target } from './target.ts'

/** One request to be sent. */
export interface Question {
  readonly target: Target
  readonly asking: Asking
  readonly session: Session
  readonly proxy: ProxySetting | undefined
  readonly maxTokens: number
  readonly tokenLimit: TokenLimit
  readonly timeoutMs: number
  /** Ctrl-C. */
  readonly interrupt: AbortSignal
}

/** An exchange, with the answer's first bytes. */
export interface Asked {
  readonly exchange: Exchange
  readonly head: Buffer
}

/**
 * Sends one request, and watches its answer to the end, or until the time is over.
 *
 * @throws the reason of the interrupt, and nothing else
 */
export async function ask(question: Question): Promise<Asked> {
  const { target, asking, session, interrupt, timeoutMs } = question
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = AbortSignal.any([interrupt, timeout])
  const startedAtMs = performance.now()
  const monitor = createMonitor(target, startedAtMs)
  let connectMs: number | null = null
  let asked: Asked
  try {
    const sending = {
      url: target.endpoint,
      headers: headersOf(question),
      body: bodyFor(target, question.maxTokens, question.tokenLimit),
      signal,
      onConnect: (tookMs: number): void => void (connectMs = tookMs),
    }
    const answer = await (asking.isHttp2 ? session.sendByHttp2(sending) : session.send(sending))
    asked = await watch(question, answer, monitor, signal, connectMs)
  } catch (error) {
    interrupt.throwIfAborted()
    asked = { exchange: withoutAnswer(question, monitor, timeout.aborted ? timeout.reason : error), head: NO_BYTES }
  }
  interrupt.throwIfAborted()
  return asked
}

function createMonitor({ api, endpoint, model }: Target, startedAtMs: number): StreamMonitor {
  const host = endpoint.hostname
  return new StreamMonitor({ api, host, terminator: findTerminatorRule(host, model) }, startedAtMs)
}

/** As the SDK says it, but for who says it. */
function headersOf({ target, asking }: Question): Record<string, string> {
  return {
    accept: 'application/json',
    'content-type': 'application/json',
    'accept-encoding': asking.acceptEncoding(target.endpoint.protocol === 'https:'),
    'user-agent': `streamgauge-probe/${readVersion()}`,
    ...authorization(target),
  }
}

async function watch(
  question: Question,
  answer: Answer,
  monitor: StreamMonitor,
  signal: AbortSignal,
  connectMs: number | null,
): Promise<Asked> {
  const facts = readFacts(answer)
  monitor.headers(facts, performance.now())
  // An answer may close its connection, which then says nothing of itself.
  const tls = tlsOf(answer.socket)
  const { body, reason } = answer
  const reader = new BodyReader({ body, createDecoder: findDecoder(facts.contentEncoding), monitor, signal, reason })
  const stop = await reader.run()
  const report = monitor.finish(endingOf(stop, answer.status, monitor), performance.now())
  const refusal = {
    status: answer.status,
    location: answer.headers['location'],
    contentType: facts.contentType,
    retryAfter: answer.headers['retry-after'],
    head: reader.head,
  }
  const isRefused = answer.status < 200 || answer.status > 299
  const exchange: Exchange = {
    ...describeReport(report, question.asking),
    ...describeHeaders(answer, facts),
    ...describeBody(reader, monitor),
    reusedConnection: answer.reusedConnection,
    connectMs,
    tls,
    stop,
    obstacle: isRefused ? explainRefusal(refusal, question.target) : explainNoStream(report, refusal, question.target),
  }
  return { exchange, head: reader.head }
}

function endingOf(stop: BodyStop, status: number, monitor: StreamMonitor): Ending {
  if (status < 200 || status > 299) return { kind: 'request_failed', error: { names: [], codes: [], status } }
  if (stop === 'given_up') return { kind: 'consumer_timeout' }
  if (stop === 'too_long') return { kind: 'consumer_break' }
  return monitor.bodyError === undefined ? { kind: 'done' } : { kind: 'threw', error: monitor.bodyError }
}

const NO_BYTES = Buffer.alloc(0)

/** A close has the code of a reset here, and no system call that it came from: undici has a code of its own for it. */
function codesOf(failure: unknown): readonly string[] {
  const error = failure instanceof ProxyError ? failure.cause : failure
  const { code, syscall } = error as NodeJS.ErrnoException
  return code === 'ECONNRESET' && syscall === undefined ? ['UND_ERR_SOCKET'] : readErrorFacts(error).codes
}

function withoutAnswer(question: Question, monitor: StreamMonitor, error: unknown): Exchange {
  const { target, proxy, timeoutMs } = question
  const isTimeout = (error as Error).name === 'TimeoutError'
  const facts = isTimeout
    ? { names: ['APIConnectionTimeoutError'], codes: [] }
    : { names: ['APIConnectionError'], codes: codesOf(error) }
  const report = monitor.finish({ kind: 'request_failed', error: facts }, performance.now())
  return {
    ...describeReport(report, question.asking),
    httpVersion: null,
    status: null,
    contentType: null,
    contentEncoding: null,
    framing: null,
    closesConnection: false,
    server: null,
    via: null,
    hops: [],
    headersMs: null,
    firstByteMs: null,
    firstEventMs: null,
    lastEventMs: null,
    wireBytes: 0,
    comments: 0,
    sawDone: false,
    arrival: [],
    reusedConnection: false,
    connectMs: null,
    tls: null,
    stop: null,
    obstacle: explainNoAnswer(error, target, proxy, timeoutMs),
  }
}
