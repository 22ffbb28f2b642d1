/** Exit codes of every command, as the help documents them. */
export const EXIT = {
  OK: 0,
  /** The command ran, and its answer is no: a stream was not recognised, or is broken. */
  DIFFERENT: 1,
  /** The command line makes no sense. */
  USAGE: 2,
  /** The command line is fine, but this machine did not play along: a busy port, an application that did not start. */
  ENVIRONMENT: 3,
  /** What was given to be read is not there, or is not what it should be. */
  INPUT: 4,
  /** Ctrl-C. */
  INTERRUPTED: 130,
} as const
