import type { StreamEvent } from './stream-event.ts'

/**
 * The interfaces of OpenAI that stream.
 *
 * @public
 */
export const STREAMING_APIS = [
  'chat',
  'completions',
  'responses',
  'assistants',
  'images',
  'transcriptions',
  'speech',
] as const

/**
 * An interface of OpenAI that streams.
 *
 * @see STREAMING_APIS
 * @public
 */
export type StreamingApi = (typeof STREAMING_APIS)[number]

/** The interfaces of OpenAI that the server speaks. */
export type Api = StreamingApi | 'models'

/** What a client asked for, as far as the answer depends on it. */
export interface AnswerRequest {
  readonly api: Api
  readonly model: string
  readonly stream: boolean
  /** `stream_options.include_usage` of chat and completions. */
  readonly includeUsage: boolean
  /** `n`: how many choices chat and completions answer with, 1 to 16. */
  readonly choices: number
  /** The request brings the output of a tool: what would call a tool answers with text then. */
  readonly hasToolOutput: boolean
  /** It came by a path of Azure's, and is answered in Azure's shape. */
  readonly isAzure: boolean
  /** Images: an existing one is edited. */
  readonly isEdit: boolean
  /** Assistants: the thread that the request names; without one it makes a thread. */
  readonly threadId: string | undefined
  /** Assistants: the run that waited for the output of its tools. */
  readonly runId: string | undefined
}

/** What an injector wants its healthy answer to be, before it breaks it. */
export interface AnswerShape {
  /** The alphabet of the text. `unicode` mixes emoji, CJK and combining marks. Default: `words`. */
  readonly text?: 'words' | 'unicode'
  /** How many pieces of text a choice has, at least 3. Default: 8 to 15, by the seed; 3 for an image. */
  readonly pieces?: number
  /** Overrides the request's number of choices. */
  readonly choices?: number
  /** A tool call in place of text, unless the request brings the output of one. */
  readonly toolCall?: boolean
  /** Azure's shape of a chat answer, whatever path the request came by. */
  readonly azure?: boolean
  /** How a Responses answer ends. Default: `completed`. */
  readonly end?: 'completed' | 'incomplete' | 'failed'
}

/** An answer that isn't streamed. */
export interface WholeAnswer {
  readonly contentType: string
  readonly body: string | Uint8Array
}

/** A whole healthy answer, both as a stream and in one piece. */
export interface Answer {
  readonly events: readonly StreamEvent[]
  readonly whole: WholeAnswer
}

/** The time stamp of every answer, in seconds since 1970: 2026-01-01T00:00:00Z. Fixed, so that bytes repeat. */
export const CREATED_SECONDS = 1_767_225_600

/** An answer in one piece, as almost every interface gives it. */
export const wholeJson = (value: unknown): WholeAnswer => ({
  contentType: 'application/json',
  body: JSON.stringify(value),
})
