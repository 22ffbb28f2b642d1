import type { ChunkKind, StreamApi } from '../vocabulary.ts'
import { openToolCalls, type ToolArguments } from './tool-arguments.ts'

/** Tokens as the provider counted them. */
export interface Usage {
  readonly inputTokens?: number | undefined
  readonly outputTokens?: number | undefined
  readonly cacheReadInputTokens?: number | undefined
  readonly reasoningOutputTokens?: number | undefined
}

/**
 * What the events of a stream have told so far. Plain fields, written for each event and read once at the end; its size
 * doesn't depend on the stream's length.
 */
export class Answer {
  api: StreamApi
  id: string | undefined
  model: string | undefined
  systemFingerprint: string | undefined
  serviceTier: string | undefined
  usage: Usage | undefined
  /** Finish reason of each choice by its index: `null` while it runs, `undefined` where it was never seen. */
  finishReasons: (string | null | undefined)[] = []
  /** The event that ends an answer of its own kind came, such as `response.completed`. */
  terminalEvent: string | undefined
  /** Index of the event in which the server told of an error. */
  upstreamErrorAt: number | undefined
  lastSequenceNumber: number | undefined
  sequenceGap: SequenceBreak | undefined
  sequenceRepeat: SequenceBreak | undefined
  sequenceGaps = 0
  sequenceRepeats = 0
  /** The tool call of each choice that was told of last: pieces without an index or an id go on with it. */
  lastToolCall: Map<number, string> | undefined
  toolArguments: Map<string, ToolArguments> | undefined
  /** Events after the terminal event. */
  lateEvents = 0
  readonly chunks: Record<ChunkKind, number> = { output: 0, lifecycle: 0, usage: 0, error: 0 }

  /** Choices that the request asked for. */
  readonly choices: number

  constructor(api: StreamApi, choices: number = 1) {
    this.api = api
    this.choices = Math.min(choices, MAX_CHOICES)
  }

  /** "Finished": a finish reason for every choice, as many as were asked for at least. */
  get everyChoiceFinished(): boolean {
    let finished = 0
    for (const reason of this.finishReasons) {
      if (reason === null) return false
      if (reason !== undefined) finished++
    }
    return finished >= Math.max(1, this.choices)
  }

  /** Tool calls whose arguments are not whole JSON. */
  get incompleteToolCalls(): number {
    return this.toolArguments === undefined ? 0 : openToolCalls(this.toolArguments)
  }
}

/** Where sequence numbers did not follow each other. */
export interface SequenceBreak {
  readonly expected: number
  readonly received: number
  readonly eventIndex: number
}

/** Choices told apart; a stream with more is watched by its first ones. */
export const MAX_CHOICES = 128
