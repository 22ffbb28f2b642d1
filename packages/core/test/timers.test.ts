import { describe, expect, it } from '@jest/globals'
import type { HopName } from '../src/faults/hops.ts'
import { StreamMonitor } from '../src/monitor/stream-monitor.ts'
import type { Fault } from '../src/monitor/report.ts'
import { chunk } from './play.ts'

const SOCKET_CLOSED = { names: ['TypeError', 'SocketError'], codes: ['UND_ERR_SOCKET'] }

/** A stream with an event every `stepMs`, of which the last is followed by a silence; then it ends. */
interface Cut {
  readonly silenceMs: number
  readonly hops?: readonly HopName[]
  readonly host?: string
  readonly events?: number
  readonly stepMs?: number
  readonly firstWaitMs?: number
  /** How it ends. @defaultValue the other side closes */
  readonly codes?: readonly string[]
  readonly isClean?: boolean
  /** The consumer asks for bytes only at the end of the silence. */
  readonly consumerIdles?: boolean
}

function causeOf(cut: Cut): Pick<Fault, 'cause' | 'confidence' | 'evidence'> {
  const { silenceMs, hops = [], events = 3, stepMs = 20, firstWaitMs = 100, host = 'llm.example.com' } = cut
  const monitor = new StreamMonitor({ api: 'chat', host }, 0)
  let nowMs = 50
  monitor.headers({ status: 200, contentType: 'text/event-stream', framing: 'chunked', proxies: hops }, nowMs)
  for (let i = 0; i < events; i++) {
    monitor.pull(nowMs)
    nowMs += i === 0 ? firstWaitMs : stepMs
    monitor.read(new TextEncoder().encode(chunk({ content: 'word' })), nowMs)
  }
  monitor.pull(cut.consumerIdles === true ? nowMs + silenceMs : nowMs)
  nowMs += silenceMs
  if (cut.isClean === true) monitor.eof(nowMs)
  else monitor.fail({ ...SOCKET_CLOSED, codes: cut.codes ?? SOCKET_CLOSED.codes }, nowMs)
  const { fault } = monitor.finish({ kind: 'done' }, nowMs)
  if (fault === undefined) throw new Error('the cut stream has no fault')
  const { cause, confidence, evidence } = fault
  return { cause, confidence, evidence }
}

type Row = readonly [name: string, cut: Cut, cause: string, confidence: string]

describe('a silence that ends when a known timer fires', () => {
  it.each<Row>([
    ['of nginx, which was seen', { silenceMs: 60_050, hops: ['nginx'] }, 'proxy_idle_timeout', 'likely'],
    ['of OpenResty, which was seen', { silenceMs: 60_050, hops: ['openresty'] }, 'proxy_idle_timeout', 'likely'],
    ['of Cloudflare, which was seen', { silenceMs: 100_400, hops: ['cloudflare'] }, 'proxy_idle_timeout', 'likely'],
    ['of Heroku, which was seen', { silenceMs: 55_020, hops: ['heroku'] }, 'proxy_idle_timeout', 'likely'],
    [
      'of Azure, which was seen',
      { silenceMs: 240_100, hops: ['azure_api_management'] },
      'proxy_idle_timeout',
      'likely',
    ],
    ['of Envoy, which was seen', { silenceMs: 300_200, hops: ['envoy'] }, 'proxy_idle_timeout', 'likely'],
    [
      'of HAProxy, with a clean end',
      { silenceMs: 50_010, hops: ['haproxy'], isClean: true },
      'proxy_idle_timeout',
      'likely',
    ],
    ['short, of a hop that was seen', { silenceMs: 10_020, hops: ['fastly'] }, 'proxy_idle_timeout', 'likely'],
    ['of nobody who was seen', { silenceMs: 60_050 }, 'proxy_idle_timeout', 'guess'],
    ['of another hop than the one seen', { silenceMs: 60_150, hops: ['envoy'] }, 'proxy_idle_timeout', 'guess'],
    [
      "of the provider's own edge",
      { silenceMs: 100_400, hops: ['cloudflare'], host: 'api.openai.com' },
      'proxy_idle_timeout',
      'guess',
    ],
    ['short, of nobody who was seen', { silenceMs: 10_020 }, 'peer_closed', 'likely'],
    ['a little too early', { silenceMs: 59_300, hops: ['nginx'] }, 'peer_closed', 'likely'],
    ['a good while later', { silenceMs: 64_000, hops: ['nginx'] }, 'peer_closed', 'likely'],
    ['of idle connections only', { silenceMs: 180_300, hops: ['traefik'] }, 'peer_closed', 'likely'],
    [
      'but was the time the consumer took',
      { silenceMs: 55_020, hops: ['heroku'], consumerIdles: true },
      'peer_closed',
      'likely',
    ],
  ])('%s', (_, cut, cause, confidence) => expect(causeOf(cut)).toMatchObject({ cause, confidence }))

  it('is explained by the silence, the hop and its timer', () => {
    expect(causeOf({ silenceMs: 60_050, hops: ['nginx'] }).evidence).toBe(
      '60.0 s without a byte; the response came through nginx (proxy_read_timeout), whose timer is 60 s',
    )
    expect(causeOf({ silenceMs: 60_050 }).evidence).toBe(
      '60.0 s without a byte, near the 60 s of nginx (proxy_read_timeout), AWS ALB (idle timeout), Kong (read_timeout) ' +
        'and others, of which nothing was seen',
    )
  })
})

describe('a stream that ends after a time at which a limit is known', () => {
  const after = (durationMs: number, rest: Partial<Cut> = {}): Cut => ({
    stepMs: (durationMs - 150) / 100,
    events: 101,
    silenceMs: 0,
    ...rest,
  })
  it.each<Row>([
    ['of Vercel, which was seen', after(60_000, { hops: ['vercel'] }), 'proxy_duration_limit', 'likely'],
    ['short, of Vercel', after(10_050, { hops: ['vercel'] }), 'proxy_duration_limit', 'likely'],
    ['of Envoy', after(15_010, { hops: ['envoy'] }), 'proxy_duration_limit', 'likely'],
    ['of API Gateway', after(29_100, { hops: ['aws_api_gateway'] }), 'proxy_duration_limit', 'likely'],
    ['of Lambda', after(900_500, { hops: ['aws'] }), 'proxy_duration_limit', 'likely'],
    ['of Envoy, but Istio, which turns it off', after(15_010, { hops: ['istio'] }), 'peer_closed', 'likely'],
    ['of nobody who was seen', after(60_100), 'proxy_duration_limit', 'guess'],
    ['short, of nobody who was seen', after(15_010), 'peer_closed', 'likely'],
    ['a little later', after(61_500, { hops: ['vercel'] }), 'peer_closed', 'likely'],
    ['of idleness, in a stream that was never silent', after(55_030, { hops: ['heroku'] }), 'peer_closed', 'likely'],
  ])('%s', (_, cut, cause, confidence) => expect(causeOf(cut)).toMatchObject({ cause, confidence }))
})

describe('a silence of a round number of seconds', () => {
  it.each<Row>([
    ['after quick chunks, behind a hop', { silenceMs: 5_010, hops: ['nginx'] }, 'proxy_idle_timeout', 'guess'],
    ['of one second', { silenceMs: 1_020, hops: ['haproxy'] }, 'proxy_idle_timeout', 'guess'],
    ['of 45 seconds', { silenceMs: 45_030, hops: ['via'] }, 'proxy_idle_timeout', 'guess'],
    ['with a clean end', { silenceMs: 20_010, hops: ['nginx'], isClean: true }, 'proxy_idle_timeout', 'guess'],
    ['with no hop to be seen', { silenceMs: 5_010 }, 'peer_closed', 'likely'],
    ['with no hop but the program that answered', { silenceMs: 5_010, hops: ['uvicorn'] }, 'peer_closed', 'likely'],
    ['that is not round', { silenceMs: 5_400, hops: ['nginx'] }, 'peer_closed', 'likely'],
    ['that is no multiple of five', { silenceMs: 7_010, hops: ['nginx'] }, 'peer_closed', 'likely'],
    ['early, as nginx is', { silenceMs: 4_720, hops: ['nginx'] }, 'proxy_idle_timeout', 'guess'],
    ['earlier than nginx is', { silenceMs: 4_600, hops: ['nginx'] }, 'peer_closed', 'likely'],
    ['too early for others', { silenceMs: 4_950, hops: ['haproxy'] }, 'peer_closed', 'likely'],
    ['too early for so short a time', { silenceMs: 1_900, hops: ['nginx'] }, 'peer_closed', 'likely'],
    ['like the waits before it', { silenceMs: 2_010, stepMs: 900, hops: ['nginx'] }, 'peer_closed', 'likely'],
    [
      'like the wait for the first bytes',
      { silenceMs: 5_010, firstWaitMs: 4_000, hops: ['nginx'] },
      'peer_closed',
      'likely',
    ],
    ['of no length', { silenceMs: 10, hops: ['nginx'] }, 'peer_closed', 'likely'],
  ])('%s', (_, cut, cause, confidence) => expect(causeOf(cut)).toMatchObject({ cause, confidence }))
})

describe('the evidence of a round silence', () => {
  it('is the silence, the number it is close to, and the hop', () => {
    expect(causeOf({ silenceMs: 4_850, hops: ['nginx'] }).evidence).toBe(
      '4.8 s without a byte, close to 5 s and far above every wait before it; the response came through nginx',
    )
  })
})

describe("the application's own end of a connection is no timer of a proxy", () => {
  it.each(['UND_ERR_DESTROYED', 'UND_ERR_CLOSED', 'UND_ERR_ABORTED', 'ERR_STREAM_DESTROYED'])('%s', (code) => {
    const found = causeOf({ silenceMs: 60_050, hops: ['nginx'], codes: [code] })
    expect(found).toMatchObject({ cause: 'client_timeout', confidence: 'guess' })
    expect(found.evidence).toContain(code)
  })

  it.each(['ERR_SOCKET_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])('%s is a timer of the HTTP client', (code) => {
    expect(causeOf({ silenceMs: 60_050, hops: ['nginx'], codes: [code] })).toMatchObject({
      cause: 'client_http_timeout',
      confidence: 'certain',
    })
  })
})
