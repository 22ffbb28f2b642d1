import type { Stream } from 'openai7/streaming'
import { turns } from './fuzz-body.ts'

/** What a consumer does, one after the other. */
export interface FuzzProgram {
  /** By what it reads. */
  readonly via: 'iterator' | 'loop' | 'tee' | 'readable' | 'raw' | 'nothing'
  readonly steps: readonly FuzzStep[]
  /** Reads to the end after the last step. */
  readonly drains: boolean
}

/** One step; `on` is the branch of a tee. */
export type FuzzStep =
  | { readonly do: 'next'; readonly on: number; readonly times: number }
  /** Nobody waits for it: a rejection is unhandled. */
  | { readonly do: 'float'; readonly on: number }
  | { readonly do: 'return' | 'throw'; readonly on: number }
  | { readonly do: 'abort'; readonly by: 'signal' | 'controller'; readonly reason: AbortReason }
  | { readonly do: 'pause'; readonly turns: number }
  /** Asks for another iterator of the same stream. */
  | { readonly do: 'again' }

export type AbortReason = 'none' | 'error' | 'timeout' | 'text'

/** What may be aborted, and how what was thrown is told. */
export interface ProgramContext {
  readonly signal: AbortController
  readonly describe: (thrown: unknown) => unknown
  readonly log: unknown[]
}

const REASONS: Readonly<Record<AbortReason, () => unknown>> = {
  none: () => undefined,
  error: () => new RangeError('the application had enough'),
  timeout: () => new DOMException('too late', 'TimeoutError'),
  text: () => 'enough',
}

/** Longest that a step is waited for, in turns; what takes longer never comes. */
const MAX_TURNS = 60
const MAX_READS = 400

/** What a step may be done to. */
interface Source {
  next(): Promise<unknown>
  return(): Promise<unknown> | undefined
  throw(): Promise<unknown> | undefined
}

/** Runs a program on a stream, or on a raw response. */
export async function runProgram(program: FuzzProgram, opened: unknown, context: ProgramContext): Promise<void> {
  const { via } = program
  if (via === 'loop') return runLoop(program, opened as Stream<unknown>, context)
  const sources = openSources(via, opened, context)
  for (const step of program.steps) await runStep(step, sources, opened, context)
  if (!program.drains || via === 'nothing') return
  for (const source of sources) {
    for (let reads = 0; reads < MAX_READS; reads++) {
      const result = await settle(() => source.next(), context)
      context.log.push(['drain', result])
      if (result === 'pending' || isOver(result)) break
    }
  }
}

async function runStep(
  step: FuzzStep,
  sources: readonly Source[],
  opened: unknown,
  context: ProgramContext,
): Promise<void> {
  const { log } = context
  if (step.do === 'pause') return turns(step.turns)
  if (step.do === 'abort') return abort(step, opened, context)
  if (step.do === 'again') {
    const result = await settle(async () => (opened as Stream<unknown>)[Symbol.asyncIterator]().next(), context)
    return void log.push(['again', result])
  }
  const source = sources[step.on % Math.max(1, sources.length)]
  if (source === undefined) return
  if (step.do === 'float') return void source.next()
  if (step.do === 'next') {
    const asked = Array.from({ length: step.times }, () => settle(() => source.next(), context))
    return void log.push(['next', ...(await Promise.all(asked))])
  }
  log.push([step.do, await settle(() => source[step.do](), context)])
}

async function runLoop(program: FuzzProgram, stream: Stream<unknown>, context: ProgramContext): Promise<void> {
  const { log } = context
  const left = [...program.steps]
  const loop = async (): Promise<string> => {
    for await (const chunk of stream) {
      log.push(['chunk', JSON.stringify(chunk)])
      const step = left.shift()
      if (step?.do === 'return') return 'broke'
      if (step?.do === 'throw') throw new RangeError('the body of the loop threw')
      if (step !== undefined) await runStep(step, [], stream, context)
    }
    return 'ended'
  }
  log.push(['loop', await settle(loop, context, MAX_READS)])
}

function abort(step: FuzzStep & { do: 'abort' }, opened: unknown, { signal, log }: ProgramContext): void {
  log.push(['abort', step.by, step.reason])
  const { controller = signal } = opened as { controller?: AbortController }
  const target = step.by === 'signal' ? signal : controller
  if (step.reason === 'none') target.abort()
  else target.abort(REASONS[step.reason]())
}

function openSources(via: FuzzProgram['via'], opened: unknown, { log }: ProgramContext): Source[] {
  const stream = opened as Stream<unknown>
  if (via === 'iterator') return [fromIterator(stream[Symbol.asyncIterator]())]
  if (via === 'tee') return stream.tee().map((branch) => fromIterator(branch[Symbol.asyncIterator]()))
  if (via === 'readable') return [fromReader(stream.toReadableStream().getReader())]
  if (via === 'raw') {
    const { body } = opened as { body: ReadableStream }
    log.push(['body', typeof body])
    return typeof body.getReader === 'function'
      ? [fromReader(body.getReader())]
      : [fromIterator((body as AsyncIterable<unknown>)[Symbol.asyncIterator]())]
  }
  return []
}

function fromIterator(iterator: AsyncIterator<unknown>): Source {
  return {
    next: () => iterator.next(),
    return: () => iterator.return?.('given up'),
    throw: () => iterator.throw?.(new RangeError('thrown in')),
  }
}

function fromReader(reader: ReadableStreamDefaultReader<unknown>): Source {
  return {
    next: async () => {
      const { done, value } = await reader.read()
      return { done, value: value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value }
    },
    return: () => reader.cancel(),
    throw: () => reader.cancel(new RangeError('cancelled')),
  }
}

/** What came of a promise, in a form that can be compared; `pending` where nothing did. */
async function settle(
  start: () => Promise<unknown> | undefined,
  { describe }: ProgramContext,
  patience: number = MAX_TURNS,
): Promise<unknown> {
  let result: unknown = 'pending'
  const settling = (async () => {
    try {
      result = { value: JSON.stringify((await start()) ?? 'undefined') }
    } catch (error) {
      result = { thrown: describe(error) }
    }
    return true
  })()
  for (let turn = 0; turn < patience; turn++) if (await Promise.race([settling, turns(1)])) break
  return result
}

function isOver(result: unknown): boolean {
  const { value, thrown } = result as { value?: string; thrown?: unknown }
  return thrown !== undefined || value === undefined || value.includes('"done":true')
}
