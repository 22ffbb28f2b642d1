import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { hasTerminal, LIMIT_MS, startInTerminal } from '../run-cli.ts'
import { NO_PROXY } from './probe-json.ts'

jest.setTimeout(LIMIT_MS)

let upstream: FaultServer

beforeAll(async () => {
  upstream = await startFaultServer()
})

afterAll(() => upstream.close())

const hasScript = hasTerminal()
if (!hasScript) console.log('SKIP the question in a terminal: needs the program `script` of util-linux')
const describeTerminal = hasScript ? describe : describe.skip

describeTerminal('in a terminal', () => {
  const startProbe = (): ReturnType<typeof startInTerminal> =>
    startInTerminal(['probe', upstream.baseURL, '--model', 'fault:no_done'], 100, NO_PROXY)
  const QUESTION =
    /probe sends 2 requests [^]*at most 512 output tokens \(256 each\) and about 100 input tokens\.\s+Send 2 requests to 127\.0\.0\.1:\d+\? \[y\/N\] /

  it.each([
    ['no', 'n\n', /Nothing was sent\./],
    ['nothing', '\n', /Nothing was sent\./],
    ['Ctrl-C', '\u0003', /\[y\/N\] /],
  ])('%s sends nothing', async (_, keys, said) => {
    const before = upstream.requests
    const cli = startProbe()
    await cli.prints(QUESTION)
    cli.type(keys)
    const { stdout, exitCode } = await cli.ended
    expect({ exitCode, requests: upstream.requests - before }).toEqual({ exitCode: 130, requests: 0 })
    expect(stdout).toMatch(said)
  })

  it('yes sends the requests', async () => {
    const cli = startProbe()
    await cli.prints(QUESTION)
    cli.type('y\n')
    const { stdout, exitCode } = await cli.ended
    expect(exitCode).toBe(60)
    expect(stdout).toMatch(/Request 1 of 2: as the SDK asks … /)
    expect(stdout).toContain('\u001b[31mmissing_terminator\u001b[39m')
  })
})
