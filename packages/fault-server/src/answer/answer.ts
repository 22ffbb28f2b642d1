import type { StreamEvent } from './stream-event.ts'

/** The interfaces of OpenAI that the server speaks. */
export type Api = 'chat' | 'completions' | 'responses' | 'models'

/** What a client asked for, as far as the answer depends on it. */
export interface AnswerRequest {
  readonly api: Api
  readonly model: string
  readonly stream: boolean
  /** `stream_options.include_usage` of chat and completions. */
  readonly includeUsage: boolean
  /** `n`: how many choices chat and completions answer with, 1 to 16. */
  readonly choices: number
}

/** What an injector wants its healthy answer to be, before it breaks it. */
export interface AnswerShape {
  /** The alphabet of the text. `unicode` mixes emoji, CJK and combining marks. Default: `words`. */
  readonly text?: 'words' | 'unicode'
  /** How many pieces of text a choice has, at least 3. Default: 8 to 15, by the seed. */
  readonly pieces?: number
  /** Overrides the request's number of choices. */
  readonly choices?: number
  /** A tool call in place of text. */
  readonly toolCall?: boolean
  /** How a Responses answer ends. Default: `completed`. */
  readonly end?: 'completed' | 'incomplete' | 'failed'
}

/** A whole healthy answer, both as a stream and as one JSON text. */
export interface Answer {
  readonly events: readonly StreamEvent[]
  readonly json: string
}

/** The time stamp of every answer, in seconds since 1970: 2026-01-01T00:00:00Z. Fixed, so that bytes repeat. */
export const CREATED_SECONDS = 1_767_225_600
