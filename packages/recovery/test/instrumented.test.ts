import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { MAJORS } from './apps/sdks.ts'

it.each(MAJORS)(
  'recovery and the instrumentation of openai %i see the same, and the spans fit together',
  async (major) => {
    const app = join(import.meta.dirname, 'apps/instrumented.ts')
    const args = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', app, String(major)]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args)
    expect(stderr).toBe('')
    const { chunks, codes, chats } = JSON.parse(stdout) as Record<'chunks' | 'codes' | 'chats', unknown>
    expect(codes).toEqual(['empty_stream', 'connection_reset', null])
    expect(chunks).toBeGreaterThan(8)
    expect(chats).toEqual([
      { code: 'empty_stream', outcome: 'broken', isChild: true },
      { code: 'connection_reset', outcome: 'broken', isChild: true },
      { code: null, outcome: 'completed', isChild: true },
    ])
  },
)
