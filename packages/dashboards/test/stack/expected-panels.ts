import { count, countBy, SCENARIO } from './scenario.ts'

/** A panel's value: of each series, by its labels' values without what all share; or any number of which something is true. */
type PanelValue = Readonly<Record<string, number>> | 'above 0' | '0 or more'

const ALL = count()
const PARSE_ERRORS = count(({ isParseError }) => isParseError === true)
const BROKEN = count(({ outcome }) => outcome === 'broken')

const byRoute = (isOne: (one: (typeof SCENARIO)[number]) => boolean): Record<string, number> =>
  Object.fromEntries(
    Object.entries(countBy(({ model, host }) => `${model} openai ${host}`)).map(([route, all]) => [
      route,
      count((one) => route === `${one.model} openai ${one.host}` && isOne(one)) / all,
    ]),
  )

const FAULTS_BY_CAUSE = countBy(({ cause }) => cause)

/** What every query of the dashboards gives after the scenario, by panel and query. */
export const EXPECTED_PANELS: Readonly<Record<string, Readonly<Record<string, PanelValue>>>> = {
  'Parse-error rate': { A: { '': PARSE_ERRORS / ALL } },
  'Broken streams': { A: { '': BROKEN / ALL } },
  'Streams ended': { A: { '': ALL } },
  'Active streams': { A: { '': 0 } },
  'Stalled streams': { A: { '': 3 } },
  'Buffered streams': { A: { '': 12 } },
  'Alerts that fire': { A: 'above 0' },
  'Parse-error rate against its objective': { A: { '': PARSE_ERRORS / ALL }, B: { '': 0.001 } },
  Outcomes: { A: { completed: ALL - BROKEN, broken: BROKEN, cancelled: 0, abandoned: 0, handed_off: 0 } },
  'Faults by type': { A: countBy(({ errorType }) => errorType) },
  'Faults by cause': { A: FAULTS_BY_CAUSE },
  'Time to first chunk': { A: 'above 0', B: 'above 0', C: 'above 0' },
  'Longest gap': { A: 'above 0', B: 'above 0', C: 'above 0' },
  'Time per output chunk': { A: 'above 0', B: 'above 0', C: 'above 0' },
  Anomalies: { A: { buffered: 12, stalled: 3 } },
  'By model, provider and host': {
    A: countBy(({ model, host }) => `${model} openai ${host}`),
    B: byRoute(({ outcome }) => outcome === 'broken'),
    C: byRoute(({ isParseError }) => isParseError === true),
    D: 'above 0',
    E: 'above 0',
  },
  'Broken streams by model': {
    A: { 'gpt-5-mini': BROKEN / count(({ model }) => model === 'gpt-5-mini'), 'llama-3.3-70b': 0 },
  },
  'Broken streams by host': {
    A: { '127.0.0.1': BROKEN / count(({ host }) => host === '127.0.0.1'), localhost: 0 },
  },
  'Faults by type and cause': {
    A: countBy(({ errorType, cause }) => (errorType === undefined ? undefined : `${errorType} ${cause}`)),
  },
  When: { A: countBy(({ errorType }) => errorType) },
  'Faults by model': {
    A: countBy(({ errorType, model }) => (errorType === undefined ? undefined : `${errorType} ${model}`)),
  },
  'Faults by host': {
    A: countBy(({ errorType, host }) => (errorType === undefined ? undefined : `${errorType} ${host}`)),
  },
  'Versions hooked': { A: { 'shop/chat 7.57.0': 1 } },
  'Versions of the instrumentation': { A: 'above 0' },
  'Last sign of life': { A: '0 or more' },
  'Cells in use': { A: { 'shop/chat': 2 } },
  'Streams counted together': { A: { 'shop/chat': 0 } },
  'Received by the Collector': { A: 'above 0', B: 'above 0', C: { '': 0 }, D: { '': 0 } },
  'Exporter health': {
    A: 'above 0',
    B: 'above 0',
    C: { 'otlp_grpc/tempo': 0 },
    D: { 'otlp_http/prometheus': 0 },
    E: { 'otlp_grpc/tempo': 0 },
    F: { 'otlp_http/prometheus': 0 },
  },
  'Exporter queues': { A: '0 or more' },
  Rules: { A: { '': 0 }, B: 'above 0' },
  Notifications: { A: { '': 0 }, B: { '': 0 } },
}
