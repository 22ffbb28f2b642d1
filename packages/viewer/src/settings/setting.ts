import type { AnomalyType, CatalogueCode, Cause } from '@streamgauge/core'

/** What a setting is about. Closed set. */
export const TOPICS = [
  'buffering',
  'compression',
  'idle_timeout',
  'duration_limit',
  'first_byte',
  'error_page',
  'request_size',
  'client_headers',
  'client_body',
  'client_deadline',
  'connection',
] as const
/** @see TOPICS */
export type Topic = (typeof TOPICS)[number]

/** What a setting may heal: a fault, an anomaly or a cause, by its name. */
export type Ailment = CatalogueCode | 'http_status' | AnomalyType | Cause

/** A setting to copy, of one product. */
export interface Setting {
  readonly topic: Topic
  /** Where the snippet goes. */
  readonly where: string
  /** To be pasted as it is; what it must know of its surroundings stands in it as a placeholder, which `where` names. */
  readonly snippet: string
  /** Why it heals, in one sentence. */
  readonly why: string
  /** The default that bites, in one sentence. */
  readonly bites: string
  /** What it takes in exchange, in one sentence; where that is worth one. */
  readonly costs?: string
  /** Since which version it is there; only where somebody wrote that down. */
  readonly since?: string
  /** The official documentation. */
  readonly source: string
  /** `run`: the product was broken before and healed after it, in a test. `documented`: it stands on its documentation alone. */
  readonly verified: 'run' | 'documented'
}

/** A product that stands between an application and a model, or is part of the application, and how it is set. */
export interface Product {
  /** What `--product` takes; snake_case, and the hop's name of core where it has one. */
  readonly id: string
  readonly name: string
  /** `hop`: forwards answers. `middleware`: compresses them in a server of one's own. `client`: part of the application. */
  readonly kind: 'hop' | 'middleware' | 'client'
  readonly settings: readonly Setting[]
  /** Why it has no setting for a topic that concerns its kind. */
  readonly without: Readonly<Partial<Record<Topic, string>>>
}

/** The topics that each kind of product has to say something to. */
export const TOPICS_OF_KIND: Readonly<Record<Product['kind'], readonly Topic[]>> = {
  hop: ['buffering', 'compression', 'idle_timeout', 'duration_limit', 'first_byte', 'error_page', 'request_size'],
  middleware: ['compression'],
  client: ['client_headers', 'client_body', 'client_deadline', 'connection'],
}
