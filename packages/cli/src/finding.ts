/** How much something matters. */
export const LEVELS = ['ok', 'note', 'warning', 'problem'] as const
/** @see LEVELS */
export type Level = (typeof LEVELS)[number]

/** Something that was found out, and what to do about it. */
export interface Finding {
  readonly level: Level
  /** What it is about: a word or two. */
  readonly subject: string
  /** One sentence. */
  readonly text: string
  /** What it rests on. */
  readonly why?: string | undefined
  /** What to do. */
  readonly remedy?: string | undefined
}

/** The level of the worst one. */
export function worstOf(findings: readonly Finding[]): Level {
  return LEVELS[Math.max(0, ...findings.map(({ level }) => LEVELS.indexOf(level)))] ?? 'ok'
}
