import { describe, expect, it, jest } from '@jest/globals'
import { ANOMALIES, CAUSES, FAULTS, OUTCOMES } from '@streamgauge/core'
import { PRODUCTS } from '@streamgauge/viewer/settings'
import fc from 'fast-check'
import { findEntries, listEntries } from '../src/explain/entries.ts'
import { findNearestNames } from '../src/nearest-names.ts'
import { formatCatalogue } from '../src/print/catalogue.ts'
import { formatExplanation, formatProduct } from '../src/print/explanation.ts'
import { displayWidth } from '../src/print/width.ts'
import { LIMIT_MS, runCli } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

const NAMES = [...new Set([...FAULTS.map(({ code }) => code), ...ANOMALIES, ...CAUSES, ...OUTCOMES])]

describe('explain', () => {
  it('without a name lists every name and every product', async () => {
    const { stdout, stderr, exitCode } = await runCli(['explain'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^${name} `, 'm'))
    for (const { id } of PRODUCTS) expect(stdout).toMatch(new RegExp(`\\b${id}\\b`))
    expect(stdout).not.toContain('\u001b')
  })

  it('of a fault says what it means, how it is seen, why it happens, what to do, and what to set', async () => {
    const { stdout, stderr, exitCode } = await runCli(['explain', 'truncated_event', '--product', 'nginx'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toMatch(
      /^truncated_event {2}fault, parse\n {2}The body ended in order in the middle of an event\.$/m,
    )
    expect(stdout).toMatch(/^ {2}seen by +A clean end, and an event in progress/m)
    expect(stdout).toMatch(/^ {2}causes +provider_truncation: The provider, or a hop/m)
    expect(stdout).toMatch(/^ {2}do +Treat the answer as cut and retry/m)
    expect(stdout).toMatch(/^ {2}source +https:\/\/html\.spec\.whatwg\.org/m)
    expect(stdout).toMatch(/^ {4}proxy_read_timeout 600s;$/m)
    expect(stdout).toMatch(/^ {2}source +https:\/\/nginx\.org/m)
    expect(stdout).not.toMatch(/Envoy|HAProxy/)
    expect(stdout).not.toContain('\u001b')
  })

  it('of a name that a fault and a cause have says both', async () => {
    const { stdout } = await runCli(['explain', 'client_timeout'])
    expect(stdout).toMatch(/^client_timeout {2}fault, timeout$/m)
    expect(stdout).toMatch(/^client_timeout {2}cause$/m)
  })

  it.each([
    ['413', /413 is Payload Too Large: the request is too large/, /client_max_body_size/, /proxy_read_timeout/],
    ['504', /504 is Gateway Timeout: a hop waited too long/, /proxy_read_timeout/, /client_max_body_size/],
    ['524', /524 is Cloudflare waited too long/, /proxy_read_timeout/, /client_max_body_size/],
    ['418', /418 is I'm a Teapot\./, /error_page/, /client_max_body_size/],
  ])('of the status %s says what it means, and only what helps against it', async (status, meaning, helps, doesNot) => {
    const { stdout } = await runCli(['explain', status, '--product', 'nginx'])
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(meaning)
    expect(stdout).toMatch(helps)
    expect(stdout).not.toMatch(doesNot)
  })

  it('of what nothing can be set against says why', async () => {
    const { stdout } = await runCli(['explain', 'bom'])
    expect(stdout).toMatch(/^ {2}settings +The server writes a byte order mark/m)
  })

  it('of a product says all that can be set, and what it heals', async () => {
    const { stdout } = await runCli(['explain', '--product', 'HAProxy'])
    expect(stdout).toMatch(/^ {2}heals +buffered, coalesced, stalled, proxy_buffering$/m)
    expect(stdout).toMatch(/^ {4}option http-no-delay$/m)
  })

  it('says of each setting whether it was run', async () => {
    const { stdout } = await runCli(['explain', 'proxy_duration_limit'])
    expect(stdout).toMatch(
      /^ {2}Envoy: let an answer last longer\n[^]*?^ {2}tested +not run, by its documentation alone$/m,
    )
    const { stdout: buffered } = await runCli(['explain', 'buffered'])
    expect(buffered).toMatch(/^ {2}nginx: send events on as they come\n[^]*?^ {2}tested +broken before, healed after$/m)
  })

  it('of many products leaves out what is for whoever has one, and names those that have nothing to set', async () => {
    const { stdout } = await runCli(['explain', 'truncated_event'])
    expect(stdout).toMatch(
      /^Why, since when and by which source: streamgauge explain truncated_event --product nginx$/m,
    )
    expect(stdout).toMatch(/^ {2}costs +An upstream that hangs holds its connections as long\.$/m)
    expect(stdout).not.toMatch(/^ {2}(why|since) /m)
    expect(stdout).toMatch(/^Nothing to set\n {2}Traefik, lighttpd, [^:]*: --product says why\.\n$/m)
    const { stdout: traefik } = await runCli(['explain', 'truncated_event', '--product', 'traefik'])
    expect(traefik).toMatch(/^ {2}Traefik, wait longer for the next byte: It has no timer/m)
  })

  it('--json prints one document', async () => {
    const parse = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await runCli(['explain', ...args, '--json'])).stdout)
    expect(await parse('buffered', '--product', 'caddy')).toMatchObject({
      name: 'buffered',
      entries: [{ kind: 'anomaly', advice: { products: [{ id: 'caddy', settings: [] }] } }],
    })
    expect(await parse()).toMatchObject({ entries: listEntries() })
    expect(await parse('--product', 'nginx')).toMatchObject({ id: 'nginx', kind: 'hop' })
  })

  it.each<readonly [string, readonly string[], RegExp]>([
    ['a misspelt name', ['trunkated_event'], /Nothing is called "trunkated_event" \(nearest: truncated_event\);/],
    ['a part of a name', ['timeout'], /\(nearest: client_timeout, headers_timeout, body_timeout\)/],
    ['a name like nothing', ['xyzzy'], /Nothing is called "xyzzy"; `streamgauge explain` lists/],
    ['a success', ['200'], /Nothing is called "200"/],
    ['a product', ['Nginx'], /"Nginx" is a product; `streamgauge explain --product nginx` shows its settings\.$/m],
    ['an escape sequence', ['\u001b[2J'], /Nothing is called /],
    [
      'a misspelt product',
      ['buffered', '--product', 'ngnix'],
      /no product "ngnix" \(nearest: nginx\); use one of nginx, /,
    ],
    ['two names', ['buffered', 'stalled'], /explain: Unexpected argument "stalled"; it takes one/],
    ['an unknown option', ['--all'], /explain: Unknown option '--all'/],
  ])('%s is one sentence, and exit code 2', async (_, args, sentence) => {
    const { stdout, stderr, exitCode } = await runCli(['explain', ...args])
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(/^streamgauge: [^\n]*\.\n$/)
    expect(stderr).toMatch(sentence)
  })
})

describe('what is printed', () => {
  const snippets = PRODUCTS.flatMap(({ settings }) =>
    settings.flatMap(({ snippet }) => snippet.split('\n').map((line) => line.trimStart())),
  )
  /** Lines that are to be copied, and words that cannot be broken, may be longer. */
  const tooWide = (text: string, width: number): readonly string[] =>
    text
      .split('\n')
      .filter((line) => displayWidth(line) > width)
      .filter((line) => !snippets.includes(line.trimStart()) && !/https?:\/\/\S+$/.test(line))

  it.each([60, 80, 120])('fits a page of %i columns', (width) => {
    const products = PRODUCTS.map(({ id, name }) => ({ id, name }))
    const texts = [
      ...[...NAMES, '502'].map((name) => formatExplanation(findEntries(name), width)),
      ...PRODUCTS.map((product) => formatProduct(product, width)),
      formatCatalogue(listEntries(), products, width),
    ]
    expect(texts.flatMap((text) => tooWide(text, width))).toEqual([])
  })

  it.each(PRODUCTS.map((product) => [product.id, product] as const))(
    'every snippet of %s can be copied: only indented',
    (_, product) => {
      const text = formatProduct(product, 80)
      for (const { snippet } of product.settings) expect(text.replaceAll(/^ {4}/gm, '')).toContain(`\n\n${snippet}\n\n`)
    },
  )
})

describe('names near one that is misspelt', () => {
  it('a name with one slip is found first', () => {
    const slips = fc
      .constantFrom(...NAMES)
      .chain((name) => fc.tuple(fc.constant(name), fc.nat(name.length - 1), fc.constantFrom('a', '_', 'q', '')))
    fc.assert(
      fc.property(slips, ([name, at, letter]) => {
        const slipped = name.slice(0, at) + letter + name.slice(at + 1)
        expect(findNearestNames(slipped, NAMES)).toContain(name)
      }),
    )
  })

  it('never takes long, nor offers more than three', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5000 }), (text) => {
        expect(findNearestNames(text, NAMES).length).toBeLessThanOrEqual(3)
      }),
    )
  })
})
