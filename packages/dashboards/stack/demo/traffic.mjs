// What the demo's application asks for. Seed in, requests out: no clock and no other randomness.

/** Most of the traffic goes to the first route, so that its alert has enough streams within two minutes. */
const MODELS = [
  ['gpt-5-mini', 0.6],
  ['gpt-5', 0.3],
  ['o4-mini', 0.1],
]

/** Two names of one machine: as many values of `server.address`. */
const HOSTS = [
  ['127.0.0.1', 0.7],
  ['localhost', 0.3],
]

/** Share of the streams that each fault has at all times. Too few of them are parse errors for an alert. */
const FAULTS = [
  ['upstream_error', 0.004],
  ['http_429', 0.003],
  ['stall_then_continue', 0.003],
  ['no_done', 0.0015],
  ['stall_then_close', 0.001],
  ['reset_inside_event', 0.0005],
  ['cut_json', 0.0005],
  ['html_page', 0.0005],
  ['cut_inside_event', 0.0005],
  ['http_500', 0.0005],
]

/** A proxy in front of one host holds some answers back until they are whole. */
const BUFFERED = { host: 'localhost', share: 0.05 }

/** Users who close the chat window before the answer ends: no fault. */
const CANCELLED_SHARE = 0.02

/**
 * From time to time a host cuts many of its answers, the first one as soon as the demo starts; the hosts take turns. An alert
 * looks at half an hour, and a host has to be well for longer than that before it is resolved.
 */
export const INCIDENT = {
  everyMs: 25 * 60_000,
  lastsMs: 4 * 60_000,
  cutShare: 0.3,
  cuts: [
    ['cut_inside_event', 0.7],
    ['reset_inside_event', 0.3],
  ],
}

/** The host that is in trouble at a time, or undefined. */
export function hostInTrouble(elapsedMs) {
  const { everyMs, lastsMs } = INCIDENT
  if (elapsedMs % everyMs >= lastsMs) return undefined
  return HOSTS[Math.floor(elapsedMs / everyMs) % HOSTS.length][0]
}

/** An endless supply of requests: `next(elapsedMs)` gives one, as a plan's entries are, and the wait before the next. */
export function createTraffic(seed, streamsPerSecond) {
  const random = createRandom(seed)
  return {
    next(elapsedMs) {
      const host = pick(HOSTS, random())
      return {
        request: {
          host,
          model: pick(MODELS, random()),
          fault: chooseFault(host, host === hostInTrouble(elapsedMs), random),
          isCancelled: random() < CANCELLED_SHARE,
        },
        // As far apart as those of people who know nothing of each other.
        waitMs: (-Math.log(1 - random()) * 1000) / streamsPerSecond,
      }
    },
  }
}

function chooseFault(host, isInTrouble, random) {
  if (isInTrouble && random() < INCIDENT.cutShare) return pick(INCIDENT.cuts, random())
  if (host === BUFFERED.host && random() < BUFFERED.share) return 'buffered'
  return pick(FAULTS, random())
}

/** The name whose share the number falls into, or undefined behind all of them. */
function pick(shares, number) {
  let end = 0
  return shares.find(([, share]) => number < (end += share))?.[0]
}

/** Numbers from 0 to below 1, the same for the same seed: mulberry32. */
function createRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
