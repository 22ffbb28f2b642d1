import type { Content } from './api/send.ts'

import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { Problem } from './api/problem.ts'

/** Where the build puts the page: the same place from dist and from src. */
const FOLDER = fileURLToPath(new URL('../dist/page/', import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Addresses within the page, which all begin with the same document. */
const VIEWS = /^\/(?:streams(?:\/[\da-f]{1,64}\/[\da-f]{1,32})?|explain(?:\/[\w.-]{1,80})?)?$/i

/** An asset's name has its digest: it never changes. */
const IMMUTABLE = { 'cache-control': 'public, max-age=31536000, immutable' }

let files: ReadonlyMap<string, Content> | undefined

/**
 * A file of the page, by the path in its address. Only what was there when the first one was asked for: no path leads out.
 *
 * @throws Problem 503 where the page was not built
 */
export function findPageFile(path: string): Content | undefined {
  const isView = VIEWS.test(path)
  if (!isView && !path.startsWith('/assets/')) return undefined
  files ??= readFiles()
  return files.get(isView ? '/index.html' : path)
}

function readFiles(): ReadonlyMap<string, Content> {
  try {
    const index = readContent('index.html', {})
    const assets = readdirSync(join(FOLDER, 'assets')).map((name) => `assets/${name}`)
    return new Map([
      ['/index.html', index],
      ...assets.map((name) => [`/${name}`, readContent(name, IMMUTABLE)] as const),
    ])
  } catch {
    throw new Problem(503, 'The page was not built: run `pnpm build`. The API and the receiver work without it.')
  }
}

function readContent(name: string, headers: Readonly<Record<string, string>>): Content {
  const type = TYPES[extname(name)] ?? 'application/octet-stream'
  return { type, body: readFileSync(join(FOLDER, name)), headers }
}
