import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, jest } from '@jest/globals'
import { BODY_ENDS, type BodyEndName } from '../src/replay/body-ends.ts'
import { CUT, fileOf, folder, HEAD, HELLO, replayed, WHOLE } from './replay/captures.ts'
import { BIN, LIMIT_MS, runCli } from './run-cli.ts'

jest.setTimeout(LIMIT_MS)

describe('replay prints the verdict with the place marked', () => {
  it('of a cut body', async () => {
    const { stdout, stderr, exitCode } = await runCli(['replay', fileOf(CUT)])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 1 })
    expect(stdout).toMatch(/^✗ broken {2}truncated_event\n {2}The body ended in order in the middle of an event\.$/m)
    expect(stdout).toMatch(new RegExp(`^ {2}line 3, chunk 1, byte ${HELLO.length}, 40 bytes$`, 'm'))
    expect(stdout).toMatch(/^ {2}1 │ data: .*"content":"xxxxx"/m)
    expect(stdout).toMatch(/^ {2}3 │ data: \{"id":"c1","object":"chat\.completi\n {4}│ {41}▲ it broke here$/m)
    expect(stdout).toMatch(/^ {2}why +provider_truncation \(guess\): the next hop ended the body in order$/m)
    expect(stdout).toMatch(/^ {2}do +Treat the answer as cut and retry/m)
    expect(stdout).toMatch(/^ {2}more +streamgauge explain truncated_event$/m)
    expect(stdout).not.toContain('Hello')
    expect(stdout).not.toContain('\u001b')
  })

  it('of a complete one, with exit code 0', async () => {
    const { stdout, exitCode } = await runCli(['replay', fileOf(WHOLE)])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(
      /^✓ completed\n {2}seen +2 events; \d+ bytes; model m; finish reason stop; the capture ends$/m,
    )
  })

  it('of the standard input', async () => {
    const child = spawn(process.execPath, [BIN, 'replay', '-'], { stdio: 'pipe', timeout: LIMIT_MS })
    child.stdin.end(CUT)
    expect(await text(child.stdout)).toContain('truncated_event')
  })

  it('with what the model said where all may show', async () => {
    const { stdout } = await runCli(['replay', fileOf(CUT), '--full'])
    expect(stdout).toContain('"content":"Hello"')
  })

  it('as its options say', async () => {
    const path = fileOf(HELLO)
    const { stdout, exitCode } = await runCli(['replay', path, '--end', 'reset', '--json'])
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      source: path,
      format: 'body',
      streams: [{ errorType: 'connection_reset', endEvidence: '--end says so', place: { line: 1, index: 0 } }],
    })
    const asked = ['--host', 'integrate.api.nvidia.com', '--model', 'z-ai/glm4.7']
    expect((await runCli(['replay', path, ...asked])).exitCode).toBe(0)
  })

  it('and hostile bytes do nothing', async () => {
    const { stdout } = await runCli(['replay', fileOf('data: {"a":"\u001b[2J\u202e\u0007\n\n'), '--full'])
    expect(stdout).toContain('\\u{1b}[2J\\u{202e}\\u{7}')
    for (const character of '\u001b\u202e\u0007') expect(stdout).not.toContain(character)
  })
})

describe('how a body ended', () => {
  it.each<readonly [BodyEndName, string]>([
    ['eof', 'truncated_event'],
    ['reset', 'connection_reset'],
    ['close', 'premature_close'],
    ['timeout', 'body_timeout'],
  ])('is what --end %s says', async (end, code) => {
    expect((await replayed(CUT, { end: { error: BODY_ENDS[end] } })).streams).toMatchObject([{ errorType: code }])
  })

  it.each([
    ['(18) transfer closed with 12 bytes remaining to read', 'premature_close', 'peer_closed'],
    ['(56) Recv failure: Connection reset by peer', 'connection_reset', 'network'],
    ['(56) Illegal or missing hexadecimal sequence in chunked-encoding', 'protocol_error', 'provider_malformed'],
    ['(28) Operation timed out after 5000 milliseconds with 167 bytes received', 'body_timeout', 'client_timeout'],
    ['(92) HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)', 'connection_reset', 'network'],
    [
      '(61) Error while processing content unencoding: invalid code lengths set',
      'protocol_error',
      'provider_malformed',
    ],
  ])('is what curl notes: %s', async (note, errorType, cause) => {
    const expected = [{ errorType, cause, endEvidence: `curl ended with ${note}` }]
    expect((await replayed(`${HEAD}\r\n${CUT}curl: ${note}\n`)).streams).toMatchObject(expected)
    // Where both go into one file, curl's own buffer may come after its note.
    expect((await replayed(`curl: ${note}\n${HEAD}\r\n${CUT}`)).streams).toMatchObject(expected)
  })

  it.each([
    ['(6) Could not resolve host: llm.example', 'connection_failed', 'wrong_endpoint'],
    ['(7) Failed to connect to llm.example port 443: Connection refused', 'connection_failed', 'network'],
    ['(52) Empty reply from server', 'connection_failed', 'peer_closed'],
    ['(56) Recv failure: Connection reset by peer', 'connection_failed', 'network'],
    ['(28) Operation timed out after 5000 milliseconds with 0 bytes received', 'headers_timeout', 'client_timeout'],
    ['(60) SSL certificate problem: self-signed certificate', 'connection_failed', 'network'],
  ])('is what curl says where there is no answer: %s', async (note, errorType, cause) => {
    const document = await replayed(`curl: ${note}\n`)
    expect(document.streams).toMatchObject([{ errorType, cause, place: null, endEvidence: `curl ended with ${note}` }])
  })

  it('is what the framing tells', async () => {
    const short = await replayed(`${HEAD}content-length: 4000\r\n\r\n${CUT}`)
    expect(short.streams).toMatchObject([
      {
        errorType: 'premature_close',
        endEvidence: `${4000 - CUT.length} bytes of the 4000 of content-length are missing`,
      },
    ])
    const framed = `${HEAD}transfer-encoding: chunked\r\n\r\n${CUT.length.toString(16)}\r\n${CUT}\r\n`
    const unended = await replayed(framed)
    expect(unended.streams).toMatchObject([{ errorType: 'premature_close', endEvidence: 'the last chunk is missing' }])
    const ended = await replayed(`${framed}0\r\n\r\n`)
    expect(ended.streams).toMatchObject([{ errorType: 'truncated_event' }])
    const bad = await replayed(`${framed}xyz\r\n`)
    expect(bad.streams).toMatchObject([{ errorType: 'protocol_error' }])
  })
})

describe('what curl -i printed', () => {
  it.each([
    ['HTTP/1.1', `${HEAD}\r\n`],
    ['HTTP/2', 'HTTP/2 200 \r\ncontent-type: text/event-stream\r\n\r\n'],
    ['HTTP/3', 'HTTP/3 200 \r\ncontent-type: text/event-stream\r\n\r\n'],
    ['line feeds alone', 'HTTP/1.1 200 OK\ncontent-type: text/event-stream\n\n'],
    ['a mixture', 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\n\r\n'],
    ['100 Continue', `HTTP/1.1 100 Continue\r\n\r\n${HEAD}\r\n`],
    ['103 Early Hints', `HTTP/2 103 \r\nlink: </a>\r\n\r\n${HEAD}\r\n`],
    ['the tunnel of a proxy', `HTTP/1.1 200 Connection established\r\n\r\n${HEAD}\r\n`],
    ['a redirect', `HTTP/1.1 308 Permanent Redirect\r\nlocation: /v1/\r\n\r\n${HEAD}\r\n`],
  ])('with %s is a head, and not of the body', async (_, head) => {
    const document = await replayed(`${head}${CUT}`)
    expect(document.format).toBe('curl')
    expect(document.streams).toMatchObject([
      {
        errorType: 'truncated_event',
        bytes: CUT.length,
        response: { status: 200, contentType: 'text/event-stream' },
        place: { line: 3 },
      },
    ])
  })

  it('of an error status is told by its number, with the page', async () => {
    const document = await replayed('HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\n\r\n<html>nginx</html>')
    expect(document.streams).toMatchObject([
      { errorType: '502', cause: 'proxy_error_page', place: { raw: '<html>nginx</html>' } },
    ])
  })

  it('of a page with status 200 is no event stream', async () => {
    const document = await replayed('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>nginx</html>')
    expect(document.streams).toMatchObject([{ errorType: 'not_event_stream', cause: 'proxy_error_page' }])
  })

  it('of an empty answer is an empty stream', async () => {
    const document = await replayed(`${HEAD}\r\n`)
    expect(document.streams).toMatchObject([{ errorType: 'empty_stream' }])
  })

  it('names the hops that the cause rests on', async () => {
    const document = await replayed(`${HEAD}via: 1.1 varnish\r\n\r\n${CUT}`)
    expect(document.streams).toMatchObject([{ response: { via: '1.1 varnish', proxies: ['varnish'] } }])
  })

  it('kept in a gzip is read', async () => {
    expect((await replayed(gzipSync(`${HEAD}\r\n${CUT}`))).format).toBe('curl')
  })
})

it('a code that a span made up is no command to copy', async () => {
  const span = { 'streamgauge.chunk.raw': 'data: {', 'error.type': '500; echo pasted' }
  const { stdout } = await runCli(['replay', fileOf(JSON.stringify(span))])
  expect(stdout).toMatch(/^✗ broken {2}500; echo pasted {2}/)
  expect(stdout).not.toContain('streamgauge explain')
})

describe('bad input is one sentence on stderr, nothing on stdout, and exit code 4', () => {
  it.each<readonly [string, () => string, RegExp]>([
    ['a missing file', () => join(folder, 'nothing.sse'), /There is no file ".*nothing\.sse"; name a captured body/],
    ['a directory', () => folder, /is a directory; name a file in it/],
    ['an empty file', () => fileOf(''), /is empty; capture the answer again, with `curl -sSiN`/],
    [
      'a progress meter',
      () => fileOf(`  % Total    % Received % Xferd\n${CUT}`),
      /has the progress meter of curl in it/,
    ],
    ['a JSON text that is none', () => fileOf('"to be: or not"'), /is no captured stream/],
    ['a binary file', () => fileOf(Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256)), /is a binary file/],
    ['an empty gzip', () => fileOf(gzipSync('')), /is empty/],
    ['a text that is none', () => fileOf('# Notes\n\nNothing of a stream.\n'), /is no captured stream: no line/],
    [
      'a head without an end',
      () => fileOf('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'),
      /whose head does not end/,
    ],
    [
      'an encoding that nobody knows',
      () => fileOf(`${HEAD}content-encoding: rot13\r\n\r\nqngn: {}`),
      /is compressed by "rot13"/,
    ],
    ...['constructor', '__proto__'].map((encoding): readonly [string, () => string, RegExp] => [
      `an encoding of the name ${encoding}`,
      () => fileOf(`${HEAD}content-encoding: ${encoding}\r\n\r\nqngn: {}`),
      new RegExp(`is compressed by "${encoding}"`),
    ]),
    [
      'more encodings than a client takes off',
      () => fileOf(`${HEAD}content-encoding: ${'gzip,'.repeat(5000)}gzip\r\n\r\nqngn: {}`),
      /is compressed 5001 times/,
    ],
  ])('%s', async (_, path, sentence) => {
    const { stdout, stderr, exitCode } = await runCli(['replay', path()])
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 4 })
    expect(stderr).toMatch(/^streamgauge: [^\n]*\.\n$/)
    expect(stderr).toMatch(sentence)
  })

  it.each<readonly [string, readonly string[], RegExp]>([
    ['no file', [], /replay: Name a captured body, or - for/],
    ['two files', ['a', 'b'], /replay: Unexpected argument "b"/],
    ['an unknown end', ['a', '--end', 'crash'], /--end must be one of eof, reset, close, timeout, but was "crash"/],
    ['an unknown option', ['a', '--verbose'], /replay: Unknown option '--verbose'/],
  ])('%s is a mistake of the command line: exit code 2', async (_, args, sentence) => {
    const { stdout, stderr, exitCode } = await runCli(['replay', ...args])
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(sentence)
  })
})
