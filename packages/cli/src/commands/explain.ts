import { PRODUCTS, type Product } from '@streamgauge/viewer/settings'
import { CliError } from '../cli-error.ts'
import { findEntries, listEntries } from '../explain/entries.ts'
import { EXIT } from '../exit-codes.ts'
import { findNearestNames } from '../nearest-names.ts'
import { formatCatalogue } from '../print/catalogue.ts'
import { formatExplanation, formatProduct } from '../print/explanation.ts'
import { pageWidth } from '../print/page-width.ts'
import { readArgumentsWithOperand } from '../read-arguments.ts'

/** `streamgauge explain [name]`: what a name means, and what to do about it. */
export function explain(args: readonly string[]): Promise<number> {
  const {
    values: { product: productName, json = false },
    operand: name,
  } = readArgumentsWithOperand('explain', args, { product: { type: 'string' }, json: { type: 'boolean' } })
  const product = productName === undefined ? undefined : findProduct(productName)
  const print = (document: object, text: () => string): void =>
    void process.stdout.write(`${json ? JSON.stringify(document, undefined, 2) : text()}\n`)
  if (name !== undefined) {
    const entries = findEntries(name, product?.id)
    if (entries.length === 0) throw unknownName(name)
    print({ name, entries }, () => formatExplanation(entries, pageWidth()))
  } else if (product !== undefined) print(product, () => formatProduct(product, pageWidth()))
  else {
    const entries = listEntries()
    const products = PRODUCTS.map(({ id, name: title }) => ({ id, name: title }))
    print({ entries, products }, () => formatCatalogue(entries, products, pageWidth()))
  }
  return Promise.resolve(EXIT.OK)
}

function findProduct(wanted: string): Product {
  const found = productOf(wanted)
  if (found !== undefined) return found
  const ids = PRODUCTS.map(({ id }) => id)
  const offer = nearestOf(wanted, ids)
  throw new CliError('usage', `There is no product ${JSON.stringify(wanted)}${offer}; use one of ${ids.join(', ')}.`)
}

function productOf(wanted: string): Product | undefined {
  const name = wanted.toLowerCase()
  return PRODUCTS.find((product) => product.id === name || product.name.toLowerCase() === name)
}

function unknownName(name: string): CliError {
  const product = productOf(name)
  if (product !== undefined) {
    const command = `streamgauge explain --product ${product.id}`
    return new CliError('usage', `${JSON.stringify(name)} is a product; \`${command}\` shows its settings.`)
  }
  const names = [...new Set(listEntries().map((entry) => entry.name))]
  const offer = nearestOf(name, names)
  return new CliError(
    'usage',
    `Nothing is called ${JSON.stringify(name)}${offer}; \`streamgauge explain\` lists all names.`,
  )
}

function nearestOf(name: string, names: readonly string[]): string {
  const nearest = findNearestNames(name, names)
  return nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`
}
