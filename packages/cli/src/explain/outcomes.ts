import type { Outcome } from '@streamgauge/core'

/** An outcome in words. */
export interface OutcomeDescription {
  readonly meaning: string
  /** By what it is told. */
  readonly rule: string
  readonly remedy: string
}

/** Every outcome. */
export const OUTCOMES: Readonly<Record<Outcome, OutcomeDescription>> = {
  completed: {
    meaning: 'The answer came to its end.',
    rule: 'A terminator, or a finish reason for every choice; where a dialect has neither, an orderly end of the body.',
    remedy: 'Nothing is to be done, unless an anomaly is told of.',
  },
  broken: {
    meaning: 'A fault ended the answer, or kept it from the application.',
    rule: 'A rule of the fault catalogue matched: the code says which.',
    remedy: 'Look at the code and the cause, and ask for an explanation of both.',
  },
  cancelled: {
    meaning: 'The application ended the stream before the answer did.',
    rule: 'A `break`, a `throw` or a plain abort of the application, before a terminator.',
    remedy: 'Nothing is to be done where users press stop; it counts as no error.',
  },
  abandoned: {
    meaning: 'Nobody read the stream to an end, and it was collected as garbage.',
    rule: 'The stream is gone from memory, and neither its end nor a cancellation was seen.',
    remedy: 'Read each stream to its end or `break` out of it: an abandoned one holds its connection.',
  },
  handed_off: {
    meaning: 'The application took the raw response, and what became of it was not seen.',
    rule: '`asResponse()` or the body itself was handed over, and no end of it was seen.',
    remedy: 'Read the stream that the SDK gives where its end matters.',
  },
}
