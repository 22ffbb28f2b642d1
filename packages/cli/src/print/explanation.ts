import { TOPIC_CATALOGUE, type Advice, type Product, type Setting, type Topic } from '@streamgauge/viewer/settings'
import type { Entry } from '../explain/entries.ts'
import { formatParagraph } from './paragraph.ts'
import { paint } from './style.ts'
import { wrapText } from './wrap.ts'

/** Columns of the labels. */
const LABEL_WIDTH = 10

/** Everything that there is to say of a name, and what can be set against it. */
export function formatExplanation(entries: readonly Entry[], width: number): string {
  const [first] = entries
  if (first === undefined) return ''
  // A fault and a cause of one name have one advice.
  return [...entries.map((entry) => formatEntry(entry, width)), ...formatAdvice(first, width)].join('\n\n')
}

/** All settings of a product. */
export function formatProduct(product: Product, width: number): string {
  const reasons = Object.entries(product.without).map(([topic, reason]) => ({ topic: topic as Topic, reason }))
  return [
    paint('bold', product.name),
    ...product.settings.map((setting) => {
      const heals = TOPIC_CATALOGUE[setting.topic].heals.join(', ')
      return formatSetting(setting, TOPIC_CATALOGUE[setting.topic].title, width, { heals })
    }),
    ...(reasons.length === 0
      ? []
      : [
          [
            paint('bold', 'Nothing to set'),
            ...reasons.flatMap(({ topic, reason }) =>
              hang(wrapText(`to ${TOPIC_CATALOGUE[topic].title}: ${reason}`, width - 4)),
            ),
          ].join('\n'),
        ]),
  ].join('\n\n')
}

function formatEntry(entry: Entry, width: number): string {
  const { kind, name, meaning, rule, causes, seenIn, remedies, source } = entry
  const tag = entry.class === undefined ? kind : `${kind}, ${entry.class}`
  const row = (label: string, text: string | undefined): readonly string[] =>
    text === undefined || text === '' ? [] : formatParagraph(label, text, width, LABEL_WIDTH)
  return [
    `${paint(['bold', COLOURS[kind]], name)}  ${paint('dim', tag)}`,
    ...indent(wrapText(meaning, width - 2), 2),
    '',
    ...row('seen by', rule),
    ...causes.flatMap((cause, i) => row(i === 0 ? 'causes' : '', `${cause.name}: ${cause.meaning}`)),
    ...row('seen in', seenIn.join(', ')),
    ...remedies.flatMap((remedy, i) => row(i === 0 ? 'do' : '', remedy)),
    ...row('source', source),
  ].join('\n')
}

const COLOURS = { fault: 'red', anomaly: 'yellow', cause: 'cyan', outcome: 'cyan' } as const

function formatAdvice({ name, advice }: Entry, width: number): readonly string[] {
  const { products, noSetting } = advice
  if (noSetting !== undefined) return [formatParagraph('settings', noSetting, width, LABEL_WIDTH).join('\n')]
  const settable = products.filter(({ settings }) => settings.length > 0)
  if (products.length === 0) return []
  // Nobody has them all: whoever finds theirs in the list asks for it alone, and is told the rest.
  const isList = settable.length > 1
  const hint = isList
    ? wrapText(
        `Why, since when and by which source: streamgauge explain ${name} --product ${settable[0]?.id ?? ''}`,
        width,
      )
    : []
  const title = [paint('bold', 'Settings to copy'), ...hint.map((line) => paint('dim', line))].join('\n')
  return [
    ...(settable.length === 0 ? [] : [title]),
    ...settable.flatMap((product) =>
      product.settings.map((setting) => {
        const headline = `${product.name}: ${TOPIC_CATALOGUE[setting.topic].title}`
        return formatSetting(setting, headline, width, { isShort: isList })
      }),
    ),
    ...(isList ? formatRest(products, width) : formatReasons(products, width)),
  ]
}

/** Those that have nothing to set at all. */
function formatRest(products: Advice['products'], width: number): readonly string[] {
  const names = products.filter(({ settings }) => settings.length === 0).map(({ name }) => name)
  const title = paint('bold', 'Nothing to set')
  return names.length === 0
    ? []
    : [[title, ...hang(wrapText(`${names.join(', ')}: --product says why.`, width - 4))].join('\n')]
}

function formatReasons(products: Advice['products'], width: number): readonly string[] {
  const lines = products.flatMap(({ name, without }) =>
    without.flatMap(({ topic, reason }) => {
      const what = without.length > 1 || products.length === 1 ? `${name}, ${TOPIC_CATALOGUE[topic].title}` : name
      return hang(wrapText(`${what}: ${reason}`, width - 4))
    }),
  )
  return lines.length === 0 ? [] : [[paint('bold', 'Nothing to set'), ...lines].join('\n')]
}

interface HowToFormat {
  /** Leaves out what is only worth reading of a product that one has. */
  readonly isShort?: boolean
  readonly heals?: string
}

function formatSetting(setting: Setting, headline: string, width: number, how: HowToFormat): string {
  const { isShort = false, heals } = how
  const { where, snippet, why, bites, costs, since, source, verified } = setting
  const row = (label: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : formatParagraph(label, text, width, LABEL_WIDTH)
  return [
    ...indent(
      wrapText(headline, width - 2).map((line) => paint('bold', line)),
      2,
    ),
    ...row('heals', heals),
    ...row('where', `${where}:`),
    '',
    // As it is, so that it can be copied.
    ...indent(
      snippet.split('\n').map((line) => (line === '' ? '' : paint('cyan', line))),
      4,
    ),
    '',
    ...(isShort ? [] : row('why', why)),
    ...row('default', bites),
    ...row('costs', costs),
    ...(isShort ? [] : [...row('since', since), ...row('source', source)]),
    ...row('tested', TESTED[verified]),
  ].join('\n')
}

const TESTED = { run: 'broken before, healed after', documented: 'not run, by its documentation alone' } as const

function indent(lines: readonly string[], columns: number): readonly string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(columns) + line))
}

/** Lines after the first stand further in. */
function hang(lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => ' '.repeat(i === 0 ? 2 : 4) + line)
}
