import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import type { Finding } from '../../src/finding.ts'
import { compareProbes } from '../../src/probe/compare.ts'
import { runProbe, type ProbeResult } from '../../src/probe/run-probe.ts'
import { readTarget } from '../../src/probe/target.ts'
import { LIMIT_MS } from '../run-cli.ts'
import { probeJson } from './probe-json.ts'

jest.setTimeout(LIMIT_MS)

let server: FaultServer

beforeAll(async () => {
  server = await startFaultServer()
})

afterAll(() => server.close())

function probe(model: string): Promise<ProbeResult> {
  const target = readTarget(server.baseURL, { api: 'chat', model, key: undefined, keyEnv: 'OPENAI_API_KEY' })
  const { signal } = new AbortController()
  return runProbe(target, { maxTokens: 256, timeoutMs: 10_000, interrupt: signal, onRequest: () => {} })
}

async function compare(here: string, there: string): Promise<readonly Finding[]> {
  const [first, second] = await Promise.all([probe(here), probe(there)])
  return compareProbes(first, second)
}

const textsOf = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ level, text }) => `${level}: ${text}`)

describe('of two ways, it is said', () => {
  it('that they are alike', async () => {
    expect(textsOf(await compare('plain', 'plain'))).toEqual(['ok: Both ways bring the same streams in the same way.'])
  })

  it('that both are harmed alike, so that it is not what lies between', async () => {
    expect(textsOf(await compare('fault:no_done', 'fault:no_done'))).toEqual([
      'problem: Both ways harm streams alike: it is the server, or something that both ways share.',
    ])
  })

  it('what breaks on the one and not on the other, with what to do', async () => {
    const findings = await compare('fault:cut_inside_event', 'plain')
    expect(textsOf(findings)).toEqual([
      'problem: The answer is truncated_event here, and whole there (as the SDK asks).',
      'problem: The answer is truncated_event here, and whole there (uncompressed).',
      'note: [DONE]: missing here, sent there.',
    ])
    expect(findings[0]?.remedy).toMatch(/^Treat the answer as cut and retry/)
  })

  it('that it is the other way that breaks', async () => {
    expect(textsOf(await compare('plain', 'fault:no_done'))[0]).toBe(
      'note: The answer is whole here, and missing_terminator there (as the SDK asks).',
    )
  })

  it('what else differs', async () => {
    expect(textsOf(await compare('healthy:gzip', 'healthy:keepalive'))).toEqual([
      'note: Compression: gzip here, none there.',
      'note: Keep-alive comments: none here, some there.',
    ])
  })

  it('that nothing can be compared where one brings no stream', async () => {
    expect(textsOf(await compare('plain', 'fault:http_500'))).toEqual([
      `problem: There is nothing to compare: no streams came from ${server.baseURL}.`,
    ])
  })
})

it('the exit code is that of the first that is not healthy', async () => {
  const run = await probeJson([server.baseURL, '--compare', 'http://127.0.0.1:1/v1', '--model', 'fault:no_done'])
  expect(run.probes.map(({ verdict }) => verdict)).toEqual(['harmful', 'unreachable'])
  expect(run.exitCode).toBe(60)
})

it('the other server gets the key that is named for it', async () => {
  const args = [server.baseURL, '--compare', server.baseURL, '--model', 'plain', '--compare-key-env', 'NO_SUCH_KEY']
  await expect(probeJson(args)).rejects.toThrow('The variable that --compare-key-env names is not set, or is empty.')
})
