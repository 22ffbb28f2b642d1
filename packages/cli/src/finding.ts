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

/** What hurts comes first, and what is merely good to know last. */
export function byUrgency(findings: readonly Finding[]): readonly Finding[] {
  const order: readonly Level[] = ['problem', 'warning', 'ok', 'note']
  return findings.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
}

/** The level of the worst one. */
export function worstOf(findings: readonly Finding[]): Level {
  return LEVELS[Math.max(0, ...findings.map(({ level }) => LEVELS.indexOf(level)))] ?? 'ok'
}
