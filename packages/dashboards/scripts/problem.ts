/** Exit codes of `pnpm stack`, one for each thing that may be in the way; any other is that of `docker compose up`. */
export const EXIT = {
  /** There is no program `docker`. */
  DOCKER_MISSING: 40,
  /** The engine does not run, or may not be used. */
  ENGINE: 41,
  /** Compose is missing, or too old. */
  COMPOSE: 42,
  /** A port that would be published is in use, or is none. */
  PORT: 43,
  /** The file with the address that alerts are sent to is missing, or holds none. */
  WEBHOOK: 44,
} as const

/** What stands in the way. */
export interface Problem {
  readonly exitCode: (typeof EXIT)[keyof typeof EXIT]
  /** What, where, and what to do about it. */
  readonly sentence: string
}
