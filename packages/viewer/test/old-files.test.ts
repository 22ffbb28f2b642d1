import type { Receiver } from '../src/index.ts'

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { listStreams, openStore } from '../src/index.ts'
import { STEPS } from '../src/store/schema.ts'
import { ask } from './ask.ts'
import { hexId, span, streamSpan } from './records.ts'
import { withReceiver } from './requests.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-old-files-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const BROKEN = { [ATTR.OUTCOME]: 'broken', [GEN_AI.REQUEST_MODEL]: 'gpt-y' }

/** With the columns that the first version had. */
const INSERT = `
INSERT INTO spans (trace_id, span_id, start_nanos, attributes, outcome, name, kind, end_nanos, status_code, status_message,
  service, scope_name, scope_version, events, bytes)
VALUES (?, ?, ?, ?, ?, 'chat', 'client', 5000000, 'unset', '', 'test', '', '', '[]', 100)`

/** A file as that version left it, with the streams 1 and 3 and another span. */
function writeFileOf(version: number, name: string): string {
  const path = join(folder, name)
  const database = new DatabaseSync(path)
  for (const step of STEPS.slice(0, version)) database.exec(step)
  database.exec(`PRAGMA user_version = ${version}`)
  const insert = database.prepare(INSERT)
  for (const { traceId, spanId, startNanos, attributes } of [streamSpan(1, BROKEN), span(2), streamSpan(3)]) {
    insert.run(traceId, spanId, startNanos, JSON.stringify(attributes), (attributes[ATTR.OUTCOME] ?? null) as string)
  }
  database.close()
  return path
}

async function matching(receiver: Receiver, query: string): Promise<unknown> {
  return (await ask(receiver, `/api/streams?${query}`)).json['matching']
}

it.each(STEPS.map((_, version) => version).slice(1))(
  'a file of version %i is brought up to date, with the streams that are in it',
  async (version) => {
    const store = openStore({ path: writeFileOf(version, `${version}.db`), maxStreams: 3 })
    await withReceiver(
      async (receiver) => {
        expect(await matching(receiver, 'model=gpt-y')).toBe(1)
        store.ingest({ signal: 'traces', records: [streamSpan(4, BROKEN), streamSpan(5)] })
        expect(await matching(receiver, 'model=gpt-y')).toBe(1)
        expect(listStreams(store).map(({ spanId }) => spanId)).toEqual([3, 4, 5].map((id) => hexId(id, 16)))
      },
      { store },
    )
    store.close()
  },
)

it('what an earlier version stored is as old as it says itself', () => {
  // All began in 1970.
  using store = openStore({ path: writeFileOf(1, 'aged.db'), maxAgeMs: 1000 })
  expect(listStreams(store)).toEqual([])
})

it('a file that has been brought up to date has the tables and indices of a new one', () => {
  const schemaOf = (path: string) => {
    openStore({ path }).close()
    const database = new DatabaseSync(path)
    const rows = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all()
    database.close()
    return rows
  }
  expect(schemaOf(writeFileOf(1, 'old.db'))).toEqual(schemaOf(join(folder, 'new.db')))
})
