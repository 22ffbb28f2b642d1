// What does watching a stream cost per chunk with this package, and with each other one that does so?
//
// Each runs as its own documentation says, with its defaults, on the newest openai that it really patches, in a recording
// SDK that sends nothing. It is compared with bare runs of the same openai in the same rounds. `queued` and `turns` are those
// of per-chunk.bench.ts; `socket` is a loopback connection, of which undici's instrumentation sees the request.
//
// Cheap is also what sees nothing: what each makes of a stream is looked at first, and so is whether all chunks come through.
import { chunksOf, type Source } from '../harness/answers.ts'
import { compare, type CompareOptions, type Comparison } from '../harness/compare.ts'
import { describeMachine, printTable } from '../harness/report.ts'
import { formatSpread } from '../harness/statistics.ts'
import type { Subject } from '../harness/subject.ts'
import { bareOf, candidatesOf, groupsOf, type Group } from './candidates.ts'
import { install } from './install.ts'
import { PEERS } from './peers.ts'
import { probe, type Findings } from './probe.ts'

const STREAMS = 4
const PIECES = 1000
/** Over a socket there are more streams at once: the server is in no hurry with any one of them. */
const SOCKET_STREAMS = 16
const SOCKET_PIECES = 250

const COST = ['bare, ns', 'added, ns', 'ratio', 'bare against bare']
const FOUND = ['spans per stream', 'sees', 'a cut answer']
const HEAD = ['watched by', 'version', 'openai', 'format', 'source', ...COST, ...FOUND]

function optionsOf(source: Source): CompareOptions {
  if (source !== 'socket') {
    const units = STREAMS * chunksOf({ pieces: PIECES })
    return { work: { source, streams: STREAMS, pieces: PIECES }, units, generations: 3, rounds: 10 }
  }
  const units = SOCKET_STREAMS * chunksOf({ pieces: SOCKET_PIECES })
  // Fewer rounds: each takes the time that the server takes.
  const work = { source, streams: SOCKET_STREAMS, pieces: SOCKET_PIECES }
  return { work, units, generations: 2, rounds: 14, warmUp: 10 }
}

async function measure(group: Group): Promise<string[][]> {
  const { openai, format, source } = group
  const candidates = candidatesOf(group)
  const found = await Promise.all(candidates.map(({ subject }) => look(subject, source)))
  const sound = candidates.flatMap(({ subject }, index) => {
    const findings = found[index]
    return typeof findings === 'object' ? [{ ...subject, isWatched: findings.spansPerStream > 0 }] : []
  })
  const [bare, control, ...compared] = await compare([...bareOf(group), ...sound], optionsOf(source))
  if (bare === undefined || control === undefined) throw new Error('a subject is missing')
  return candidates.map(({ version, subject: { name } }, index) => {
    const ran = [name, version, openai, format, source, bare.ns.median.toFixed(0)]
    const cost = costOf(compared.find((comparison) => comparison.name === name))
    return [...ran, ...cost, formatSpread(control.ratio, 3), ...wordsOf(found[index])]
  })
}

/** What there is to be seen, or what went wrong. */
async function look(subject: Subject, source: Source): Promise<Findings | string> {
  try {
    return await probe(subject, source)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function costOf(comparison: Comparison | undefined): string[] {
  return comparison === undefined
    ? ['-', '-']
    : [formatSpread(comparison.addedNs, 0), formatSpread(comparison.ratio, 3)]
}

function wordsOf(findings: Findings | string | undefined): string[] {
  if (typeof findings !== 'object') return ['-', `breaks streams: ${findings}`, '-']
  return [String(findings.spansPerStream), findings.sees, findings.ofCut]
}

const installed = PEERS.filter((peer) => {
  const problem = install(peer)
  if (problem !== undefined) console.log(`SKIP ${peer.name}: ${problem}\n`)
  return problem === undefined
})
const rows: string[][] = []
for (const group of groupsOf(installed)) rows.push(...(await measure(group)))
printTable(HEAD, rows)
console.log(`
Processor time per chunk; a stream has ${PIECES} pieces, of a socket ${SOCKET_PIECES}, its begin and end included. \`sees\` is what is in the
spans of a whole answer; \`a cut answer\` ends cleanly in the middle, and \`unmarked\` is a span of it without an error.

${describeMachine()}.`)
