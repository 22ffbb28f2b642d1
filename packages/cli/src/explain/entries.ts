import {
  ANOMALY_CATALOGUE,
  CAUSES,
  describeFault,
  FAULTS,
  OUTCOMES as OUTCOME_NAMES,
  type Cause,
  type FaultDescription,
} from '@streamgauge/core'
import { adviseOn, CAUSE_MEANINGS, type Advice, type Topic } from '@streamgauge/viewer/settings'
import { OUTCOMES } from './outcomes.ts'
import { describeStatus, topicsOfStatus } from './statuses.ts'

/** What a name may be. */
export type EntryKind = 'fault' | 'anomaly' | 'cause' | 'outcome'

/** Everything that there is to say of a name. */
export interface Entry {
  readonly kind: EntryKind
  readonly name: string
  /** Of a fault. */
  readonly class?: string
  readonly meaning: string
  /** By what it is told. */
  readonly rule?: string
  readonly causes: readonly { readonly name: Cause; readonly meaning: string }[]
  /** Of a cause: the faults and anomalies that may have it. */
  readonly seenIn: readonly string[]
  readonly remedies: readonly string[]
  /** Where rule and behaviour are written down. */
  readonly source?: string
  readonly advice: Advice
}

/** An entry of the list, as short as it is there. */
export type ListedEntry = Pick<Entry, 'kind' | 'name' | 'meaning'>

/** All names, in the order of the catalogues. `http_status` stands for every status from 400 on. */
export function listEntries(): readonly ListedEntry[] {
  return [
    ...FAULTS.map(({ code, meaning }) => ({ kind: 'fault' as const, name: code, meaning })),
    ...ANOMALY_CATALOGUE.map(({ type, meaning }) => ({ kind: 'anomaly' as const, name: type, meaning })),
    ...CAUSES.map((cause) => ({ kind: 'cause' as const, name: cause, meaning: CAUSE_MEANINGS[cause] })),
    ...OUTCOME_NAMES.map((name) => ({ kind: 'outcome' as const, name, meaning: OUTCOMES[name].meaning })),
  ]
}

/**
 * What there is to say of a name: two entries where a fault and a cause have the same one, none where nothing has it.
 *
 * @param productId only the settings of this product
 */
export function findEntries(name: string, productId?: string): readonly Entry[] {
  const fault = describeFault(name)
  const anomaly = ANOMALY_CATALOGUE.find(({ type }) => type === name)
  const cause = CAUSES.find((one) => one === name)
  const outcome = OUTCOME_NAMES.find((one) => one === name)
  const advice = fault === undefined ? adviseOn(name, productId) : adviseOnFault(fault, name, productId)
  return [
    ...(fault === undefined ? [] : [entryOfFault(fault, name, advice)]),
    ...(anomaly === undefined
      ? []
      : [
          {
            kind: 'anomaly' as const,
            name,
            meaning: anomaly.meaning,
            rule: anomaly.rule,
            causes: anomaly.causes.map(describeCause),
            seenIn: [],
            remedies: [
              anomaly.remedy,
              ...(anomaly.remedyWhenCompressed === undefined ? [] : [`Compressed: ${anomaly.remedyWhenCompressed}`]),
            ],
            advice,
          },
        ]),
    ...(cause === undefined ? [] : [entryOfCause(cause, advice)]),
    ...(outcome === undefined
      ? []
      : [
          {
            kind: 'outcome' as const,
            name,
            meaning: OUTCOMES[outcome].meaning,
            rule: OUTCOMES[outcome].rule,
            causes: [],
            seenIn: [],
            remedies: [OUTCOMES[outcome].remedy],
            advice,
          },
        ]),
  ]
}

/** Against a single status fewer settings help than against all of them. */
function adviseOnFault({ code }: FaultDescription, name: string, productId: string | undefined): Advice {
  const advice = adviseOn(code, productId)
  if (!isStatus(name)) return advice
  const topics = topicsOfStatus(name)
  const keep = <One extends { readonly topic: Topic }>(list: readonly One[]): readonly One[] =>
    list.filter(({ topic }) => topics.includes(topic))
  const products = advice.products.map((product) => ({
    ...product,
    settings: keep(product.settings),
    without: keep(product.without),
  }))
  return { ...advice, products: products.filter(({ settings, without }) => settings.length + without.length > 0) }
}

function isStatus(name: string): boolean {
  return /^\d+$/.test(name)
}

function entryOfFault(fault: FaultDescription, name: string, advice: Advice): Entry {
  const status = isStatus(name) ? describeStatus(name) : ''
  return {
    kind: 'fault',
    name,
    class: fault.class,
    meaning: status === '' ? fault.meaning : `${fault.meaning} ${name} is ${status}.`,
    rule: fault.rule,
    causes: fault.causes.map(describeCause),
    seenIn: [],
    remedies: [fault.remedy],
    source: fault.source,
    advice,
  }
}

function entryOfCause(cause: Cause, advice: Advice): Entry {
  const faults = FAULTS.filter(({ causes }) => causes.includes(cause))
  const anomalies = ANOMALY_CATALOGUE.filter(({ causes }) => causes.includes(cause))
  return {
    kind: 'cause',
    name: cause,
    meaning: CAUSE_MEANINGS[cause],
    causes: [],
    seenIn: [...faults.map(({ code }) => code), ...anomalies.map(({ type }) => type)],
    remedies: [],
    advice,
  }
}

function describeCause(name: Cause): { readonly name: Cause; readonly meaning: string } {
  return { name, meaning: CAUSE_MEANINGS[name] }
}
