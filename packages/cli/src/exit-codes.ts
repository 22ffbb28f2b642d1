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
  /** Something in this program is broken. */
  DEFECT: 5,
  /** probe: streams come broken, or are held back. */
  PATH_HARMS: 60,
  /** probe: no connection, or no answer over it. */
  UNREACHABLE: 61,
  /** probe: the key is refused. */
  KEY_REFUSED: 62,
  /** probe: what answers is no OpenAI-like server, or not at this path. */
  NOT_OPENAI: 63,
  /** probe: the server says no: an unknown model, a limit, a failure of its own. */
  REQUEST_REFUSED: 64,
  /** probe: too few events came to tell. */
  UNCLEAR: 65,
  /** doctor: the worst that it found is a warning. */
  DOCTOR_WARNS: 70,
  /** doctor: it found a problem. */
  DOCTOR_OBJECTS: 71,
  /** Ctrl-C. */
  INTERRUPTED: 130,
} as const
