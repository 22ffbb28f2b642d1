import { mkdtempSync, readFileSync } from 'node:fs'
import { constants, createSecureServer } from 'node:http2'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { HTTP2_FAULTS, sendAnswer, startFaultServer, type FaultServer } from '@streamgauge/fault-server'
import { LIMIT_MS } from '../run-cli.ts'
import { canMakeCertificates, makeCertificate } from './certificate.ts'
import { probeJson } from './probe-json.ts'

// Faults of HTTP/2, which a probe meets in its third request: the other two are answered well, by HTTP/1.
jest.setTimeout(LIMIT_MS)

const canMake = canMakeCertificates()
if (!canMake) console.log('SKIP HTTP/2: apt-get install openssl')
const describeHttp2 = canMake ? describe : describe.skip

describeHttp2('over HTTP/2', () => {
  let byHttp1: FaultServer
  let byHttp2: FaultServer
  let terminator: Server
  let baseURL: string
  let certificate: string
  let keys: { readonly cert: Buffer; readonly key: Buffer }

  beforeAll(async () => {
    byHttp1 = await startFaultServer({
      extraFaults: HTTP2_FAULTS.map(({ name }) => ({
        name,
        summary: 'A whole answer.',
        api: 'any',
        expected: { outcome: 'completed' },
        play: sendAnswer,
      })),
    })
    byHttp2 = await startFaultServer({ http2: true })
    const folder = mkdtempSync(join(tmpdir(), 'streamgauge-'))
    certificate = makeCertificate(folder)
    keys = { cert: readFileSync(certificate), key: readFileSync(join(folder, 'key.pem')) }
    terminator = createServer({ ...keys, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
      const { port } = socket.alpnProtocol === 'h2' ? byHttp2 : byHttp1
      const onward = connect(port, '127.0.0.1')
      socket
        .on('error', () => onward.destroy())
        .pipe(onward.on('error', () => socket.destroy()))
        .pipe(socket)
    })
    await new Promise<void>((resolve) => terminator.listen(0, '127.0.0.1', resolve))
    baseURL = `https://localhost:${(terminator.address() as AddressInfo).port}/v1`
  })

  afterAll(async () => {
    terminator.close()
    await Promise.all([byHttp1.close(), byHttp2.close()])
  })

  it.each(HTTP2_FAULTS.map((injector) => [injector.name, injector] as const))(
    '%s is told of',
    async (name, injector) => {
      const run = await probeJson([baseURL, '--model', `fault:${name}`], { NODE_EXTRA_CA_CERTS: certificate })
      const [result] = run.probes
      expect(result?.exchanges.map(({ asking, fault }) => [asking, fault?.code])).toEqual([
        ['sdk', undefined],
        ['identity', undefined],
        ['http2', injector.expected.errorType],
      ])
      expect([run.exitCode, result?.verdict]).toEqual([60, 'harmful'])
      expect(result?.findings[0]?.text).toMatch(/[^.] \(HTTP\/2\)\.$/)
    },
  )

  // NO_ERROR and CANCEL, which Node.js tells of by no error.
  it.each([constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_CANCEL])(
    'a stream that is reset by the code %i before its headers is told of as no answer',
    async (code) => {
      const server = createSecureServer({ ...keys, allowHTTP1: true }, ({ httpVersionMajor }, response) => {
        if (httpVersionMajor === 2) response.stream.close(code)
        else response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: [DONE]\n\n')
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const run = await probeJson([`https://localhost:${port}/v1`, '--model', 'm'], {
        NODE_EXTRA_CA_CERTS: certificate,
      })
      server.close()
      const [exchange] = (run.probes[0]?.exchanges ?? []).slice(2)
      expect(exchange?.obstacle?.sentence).toMatch(/^localhost:\d+ closed the connection before it answered: /)
    },
  )
})
