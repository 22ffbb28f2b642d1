import type { AnomalyType, Cause, Confidence, FaultCode } from '@streamgauge/core'
import type { SdkMajor } from '@streamgauge/fault-server'

/** Where a middlebox runs: its folder, and the ports to listen on and to connect to, all on 127.0.0.1. */
export interface Place {
  readonly folder: string
  /** Where the fault server listens. */
  readonly upstream: number
  /** Where nobody listens. */
  readonly nobody: number
  /** Where a route is to be listened on. */
  readonly port: (route: string) => number
}

/** A proxy that people put before a model, its configurations, and what a truthful observer says behind each. */
export interface Middlebox {
  readonly name: string
  /** How to get it, for whom it is missing. */
  readonly install: string
  /** Whoever lacks it is told, and nothing counts as skipped: it is large. */
  readonly isOptional?: boolean
  /** What it is started as: a program of PATH, or a path. */
  readonly program: string
  /** Its configurations. Each listens on a port of its own. */
  readonly routes: readonly string[]
  /** The routes are forward proxies, asked by the client, in this way. */
  readonly forward?: 'absolute' | 'connect'
  /** Its files, by their names in the folder. */
  readonly files: (place: Place) => Readonly<Record<string, string>>
  readonly args: (place: Place) => readonly string[]
  readonly cases: readonly MiddleboxCase[]
  /** With what it is tried. @defaultValue {@link NEWEST} */
  readonly majors?: readonly SdkMajor[]
}

/** One request through one route: a claim in the present tense, the route, what the fault server is asked for, the truth. */
export type MiddleboxCase = readonly [claim: string, route: string, upstream: string, expected: Finding, more?: More]

/** What few cases need. */
export interface More {
  /** Bytes of the prompt. @defaultValue a few */
  readonly promptBytes?: number
  /** Asks so many times, and judges the last. @defaultValue 1 */
  readonly times?: number
  /** Where what happens depends on the major version of the SDK. */
  readonly byMajor?: Readonly<Partial<Record<SdkMajor, Finding>>>
}

/** What is found; nothing at all where a healthy stream comes through a healthy middlebox. */
export interface Finding {
  readonly code?: FaultCode
  /** One of these. */
  readonly causes?: readonly Cause[]
  readonly anomalies?: readonly AnomalyType[]
  /** How sure it is that a proxy held the answer back. */
  readonly heldBack?: Confidence
}

/** openai 6 and 7 have the same client for HTTP as 5, and read differently. */
export const NEWEST: readonly SdkMajor[] = [6, 7]

/** The stream came as it was sent. */
export const NOTHING: Finding = {}
/** It was held back until it was whole. */
export const BUFFERED: Finding = { anomalies: ['buffered'], heldBack: 'likely' }
/** It came in blocks of many events. */
export const COALESCED: Finding = { anomalies: ['coalesced'], heldBack: 'likely' }
/** The connection ended inside the body. */
export const CLOSED: Finding = { code: 'premature_close', causes: ['peer_closed'] }
/**
 * A timer of a second or two closed it. Only one that fires in time is told from a peer that just closed, and on a busy machine
 * it does not: timers are held to account where the clock is a fake.
 */
export const SILENT: Finding = { code: 'premature_close', causes: ['proxy_idle_timeout', 'peer_closed'] }
/** A middlebox made an orderly end of a death behind it. */
export const ENDED: Finding = { code: 'missing_terminator', causes: ['provider_truncation'] }
/** There is no answer at all. */
// node-fetch, which openai 4 uses, has one name for a close and a reset.
export const UNANSWERED: Finding = { code: 'connection_failed', causes: ['peer_closed', 'network'] }

/** A middlebox answers in the place of the model. */
export function page(status: `${number}`): Finding {
  return { code: status, causes: ['proxy_error_page'] }
}
