/** One way to run an application: bare, or with something that watches it. */
export interface Subject {
  readonly name: string
  /** What sets telemetry up before `openai` is loaded; exports `start` as {@link Start}. A URL. */
  readonly setup: string
  /** The folder whose `node_modules` has `openai`, and what `setup` needs. */
  readonly folder: string
  /** The SDK, as it is named there. */
  readonly openai: string
  /** A file that exports what it imports from `openai` by this name: some hooks see no other import. */
  readonly entry?: string
  readonly format: 'esm' | 'cjs'
  /** Flags of Node.js, such as the loader hook. */
  readonly nodeOptions?: readonly string[]
  /** It makes a span of each stream; the bare SDK makes none. */
  readonly isWatched?: boolean
  /** Handed to `start`. */
  readonly options?: Readonly<Record<string, unknown>>
}

/** A span that ended, as far as the question goes what its maker saw of the stream. */
export interface EndedSpan {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly eventNames: readonly string[]
  readonly isError: boolean
}

/** Telemetry that was set up. */
export interface Watch {
  /** How many spans have ended so far. */
  spansEnded(): number
  /** Those that ended since it was last called, or the first of them. */
  takeSpans(): readonly EndedSpan[]
  /** For what watches a client that is handed to it. */
  wrap?<Client extends object>(client: Client): Client
}

/**
 * Sets telemetry up.
 *
 * @param require loads from the subject's folder
 */
export type Start = (require: NodeJS.Require, options: Readonly<Record<string, unknown>>) => Watch
