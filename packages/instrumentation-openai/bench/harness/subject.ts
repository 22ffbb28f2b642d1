/** One way to run an application: bare, or with something that watches it. */
export interface Subject {
  readonly name: string
  /** What sets telemetry up before `openai` is loaded; exports `start` as {@link Start}. A URL. */
  readonly setup: string
  /** The folder whose `node_modules` has `openai`, and what `setup` needs. */
  readonly folder: string
  /** The SDK, as it is named there. */
  readonly openai: string
  readonly format: 'esm' | 'cjs'
  /** Flags of Node.js, such as the loader hook. */
  readonly nodeOptions?: readonly string[]
  /** It makes a span of each stream; the bare SDK makes none. */
  readonly isWatched?: boolean
  /** Handed to `start`. */
  readonly options?: Readonly<Record<string, unknown>>
}

/**
 * Sets telemetry up.
 *
 * @param require loads from the subject's folder
 * @returns how many spans have ended so far
 */
export type Start = (require: NodeJS.Require, options: Readonly<Record<string, unknown>>) => () => number
