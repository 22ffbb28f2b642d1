import { describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { withReceiver } from './requests.ts'

const PAGE = join(import.meta.dirname, '../dist/page')

/** Most that a browser fetches to show the page, compressed. Bytes. */
const MAX_PAGE_BYTES = 150_000

describe('the files of the page', () => {
  it.each([
    '/',
    '/streams',
    `/streams/${'a'.repeat(32)}/${'b'.repeat(16)}`,
    '/explain',
    '/explain/http_status',
    '/?range=1h',
  ])('%s begins with the document, which is asked for anew each time', async (path) => {
    await withReceiver(async (receiver) => {
      const response = await fetch(receiver.url + path)
      expect(await response.text()).toBe(readFileSync(join(PAGE, 'index.html'), 'utf8'))
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'text/html; charset=utf-8',
      })
    })
  })

  it('what the document needs stays in the cache for ever, and is of its type', async () => {
    const document = readFileSync(join(PAGE, 'index.html'), 'utf8')
    const paths = Array.from(document.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g), ([, path = '']) => path)
    await withReceiver(async (receiver) => {
      const responses = await Promise.all(paths.map((path) => fetch(receiver.url + path)))
      const told = responses.map(({ status, headers }) => [status, headers.get('content-type')?.split(';', 1)[0]])
      expect(told).toEqual([
        [200, 'image/svg+xml'],
        [200, 'text/javascript'],
        [200, 'text/css'],
      ])
      for (const { headers, body } of responses) {
        expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
        await body?.cancel()
      }
    })
  })

  it.each([
    '/index.html',
    '/licenses.md',
    '/assets/',
    '/assets/none.js',
    '/assets/..%2findex.html',
    '/streams/x/y',
    '/%2e%2e/package.json',
  ])('%s is none of them', async (path) => {
    await withReceiver(async (receiver) => {
      const response = await fetch(receiver.url + path)
      expect({ status: response.status, body: await response.json() }).toEqual({
        status: 404,
        body: { message: 'There is no such page.' },
      })
    })
  })

  it('have nothing inline, which the content security policy would stop', () => {
    const document = readFileSync(join(PAGE, 'index.html'), 'utf8')
    expect(document).not.toMatch(/<style|<script(?![^>]* src=)| style=| on\w+=|data:|https?:/)
  })

  it(`are at most ${MAX_PAGE_BYTES} bytes, compressed`, () => {
    const sizes = readdirSync(join(PAGE, 'assets')).map(
      (name) => gzipSync(readFileSync(join(PAGE, 'assets', name))).length,
    )
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_PAGE_BYTES)
  })

  it('name the licences of what is bundled', () => {
    expect(readFileSync(join(PAGE, 'licenses.md'), 'utf8')).toMatch(/preact.*MIT/is)
  })
})
