import { execFile } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { FaultServerError, startFaultServer, type FaultServerOptions } from '../src/index.ts'
import { askChat } from './raw-client.ts'

describe('close', () => {
  it('ends held connections and rejects new ones', async () => {
    const server = await startFaultServer()
    const held = askChat(server.port, 'fault:slow_headers')
    const stalled = fetch(`${server.baseURL}/chat/completions`, {
      method: 'POST',
      body: '{"model":"fault:stall_forever","stream":true}',
    })
    const response = await stalled
    await server.close()
    expect((await held).bytes).toHaveLength(0)
    await expect(response.text()).rejects.toThrow('terminated')
    await expect(fetch(server.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })

  it('may be called again', async () => {
    const server = await startFaultServer()
    await Promise.all([server.close(), server.close()])
    await expect(server.close()).resolves.toBeUndefined()
  })

  it('frees the port for the next server', async () => {
    const first = await startFaultServer()
    await first.close()
    const second = await startFaultServer({ port: first.port })
    expect(second.port).toBe(first.port)
    await second.close()
  })

  it('is what await using calls', async () => {
    const server = await startFaultServer()
    await server[Symbol.asyncDispose]()
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  it('leaves nothing that would keep a process alive', async () => {
    const program = `
      import { connect } from 'node:net'
      import { once } from 'node:events'
      import { startFaultServer } from './dist/index.js'
      const server = await startFaultServer()
      for (const model of ['fault:stall_forever', 'healthy:slow']) {
        const body = JSON.stringify({ model, stream: true })
        const client = connect(server.port).unref()
        client.on('error', () => {})
        client.write('POST /v1/chat/completions HTTP/1.1\\r\\nhost: x\\r\\ncontent-length: ' + body.length + '\\r\\n\\r\\n' + body)
        client.ref()
        await once(client, 'data')
        client.unref()
      }
      await server.close()
      process.on('exit', () => console.log('gone'))
      setTimeout(() => { console.log('kept alive'); process.exit(1) }, 5000).unref()
    `
    const cwd = dirname(import.meta.dirname)
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd })
    expect(stdout).toBe('gone\n')
  })
})

describe('a server that cannot start', () => {
  it('names the busy port, and what to do', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve)
    })
    const { port } = other.address() as AddressInfo
    const error: unknown = await startFaultServer({ port }).catch((reason: unknown) => reason)
    other.close()
    expect(error).toBeInstanceOf(FaultServerError)
    expect(error).toMatchObject({
      name: 'FaultServerError',
      code: 'port_in_use',
      message: `Port ${port} on 127.0.0.1 is in use by another program: stop that, choose another port, or leave \`port\` out to get a free one.`,
      cause: { code: 'EADDRINUSE' },
    })
  })

  it('names a host that is not of this machine', async () => {
    await expect(startFaultServer({ host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'listen_failed',
      message: expect.stringContaining("Can't listen on port 0 of 192.0.2.1 (EADDRNOTAVAIL)") as unknown,
    })
  })
})

describe('a bad option', () => {
  const CASES: readonly (readonly [options: unknown, message: string])[] = [
    [{ port: 70_000 }, 'Option "port" must be an integer from 0 to 65535; received 70000.'],
    [{ port: '80' }, 'Option "port" must be an integer from 0 to 65535; received "80".'],
    [{ host: '' }, 'Option "host" must be the name or address of a local interface; received "".'],
    [{ http2: 1 }, 'Option "http2" must be true or false; received 1.'],
    [{ seed: -1 }, 'Option "seed" must be an integer from 0 to 4294967295; received -1.'],
    [{ timeScale: Number.NaN }, 'Option "timeScale" must be a number from 0 to 1000; received NaN.'],
    [{ delayMs: -1 }, 'Option "delayMs" must be a number from 0 to 60000; received -1.'],
    [{ settleMs: Infinity }, 'Option "settleMs" must be a number from 0 to 60000; received Infinity.'],
    [{ holdMs: 0 }, 'Option "holdMs" must be a number from 1 to 3600000; received 0.'],
    [
      { extraFaults: [{}] },
      'Option "extraFaults" must be a list of injectors, each with a name and a play method; received [object Object].',
    ],
    [
      { prot: 1 },
      'Unknown option "prot": allowed are host, port, http2, seed, timeScale, delayMs, settleMs, holdMs, extraFaults.',
    ],
  ]

  it.each(CASES)('%j is named with what is allowed and what came', async (options, message) => {
    await expect(startFaultServer(options as FaultServerOptions)).rejects.toThrow(new RangeError(message))
  })

  it('is not an option left undefined', async () => {
    const server = await startFaultServer({ port: undefined, seed: undefined })
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
    expect(server.baseURL).toBe(`${server.url}/v1`)
    await server.close()
  })
})

it('listens on loopback alone unless told otherwise', async () => {
  const server = await startFaultServer()
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  await server.close()
})

it('writes an IPv6 address into the URL in brackets', async () => {
  const server = await startFaultServer({ host: '::1' })
  expect(server.url).toBe(`http://[::1]:${server.port}`)
  await server.close()
})
