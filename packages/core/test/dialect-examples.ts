import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AnomalyType, StreamApi } from '../src/vocabulary.ts'

/** How the bytes of an answer end: with finish reasons, `[DONE]`, an event of its own, an error, or none of them. */
export type AnswerEnd =
  | 'finish_and_done'
  | 'finish_only'
  | 'done_only'
  | 'terminal_event'
  | 'terminal_event_and_done'
  | 'error'
  | 'nothing'

/** A small body in the manner of one server, written for these tests, and what is to be said of it. */
export interface DialectExample {
  readonly file: string
  readonly server: string
  readonly api: StreamApi
  readonly baseURL: string
  readonly model: string
  readonly ends: AnswerEnd
  /** What sets it apart. */
  readonly special: string
  readonly request?: { readonly stream_options?: { readonly include_usage: boolean } }
  readonly wire?: { readonly contentType?: string }
  readonly expected: {
    readonly outcome: 'completed' | 'broken'
    readonly errorType?: string
    readonly anomalies?: readonly AnomalyType[]
    readonly finishReasons?: readonly string[]
    readonly usage?: Readonly<Record<string, number>>
  }
}

export const DIALECT_FOLDER: string = join(import.meta.dirname, 'dialects')

/** The examples in the order of their files. */
export function readDialectExamples(): readonly DialectExample[] {
  return JSON.parse(readFileSync(join(DIALECT_FOLDER, 'dialects.json'), 'utf8')) as readonly DialectExample[]
}

/** One event as a person reads it: its bytes up to the blank line, and what its data says of the end. */
interface PlainEvent {
  readonly text: string
  readonly hasData: boolean
  readonly isDone: boolean
  readonly finishes: boolean
  readonly isTerminal: boolean
  readonly isError: boolean
}

const TERMINAL = /^(response\.(completed|failed|incomplete|done)|transcript\.text\.done)$/

/** Reads a body in the plainest way there is, as a second opinion: it shares nothing with what it is held against. */
function readEvents(body: string): PlainEvent[] {
  return body.split(/(?<=\n\r?\n)/).map((text) => {
    const lines = text.split(/\r?\n/)
    const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart())
    const isDone = data.join('\n') === '[DONE]'
    const value = (data.length === 0 || isDone ? {} : JSON.parse(data.join('\n'))) as {
      readonly choices?: readonly { readonly finish_reason?: string | null }[]
      readonly type?: string
      readonly object?: string
      readonly error?: object | null
    }
    const isFailed = value.type === 'response.failed' || value.type === 'error' || value.object === 'error'
    return {
      text,
      hasData: data.length > 0,
      isDone,
      finishes: value.choices?.some(({ finish_reason: reason }) => Boolean(reason)) === true,
      isTerminal: TERMINAL.test(value.type ?? ''),
      isError: isFailed || Boolean(value.error) || lines.includes('event: error'),
    }
  })
}

/** How a body ends, by that plain reading. */
export function readEnd(body: string): AnswerEnd {
  const events = readEvents(body)
  const has = (key: 'isDone' | 'finishes' | 'isTerminal' | 'isError'): boolean => events.some((event) => event[key])
  if (has('isError')) return 'error'
  if (has('isTerminal')) return has('isDone') ? 'terminal_event_and_done' : 'terminal_event'
  if (has('finishes')) return has('isDone') ? 'finish_and_done' : 'finish_only'
  return has('isDone') ? 'done_only' : 'nothing'
}

/** What a body has before the first event that ends a choice or the answer. */
export function cutBeforeEnd(body: string): { readonly text: string; readonly hasData: boolean } {
  const events = readEvents(body)
  const end = events.findIndex(({ finishes, isDone, isTerminal }) => finishes || isDone || isTerminal)
  const before = events.slice(0, end === -1 ? undefined : end)
  return { text: before.map(({ text }) => text).join(''), hasData: before.some(({ hasData }) => hasData) }
}
