import { execFileSync } from 'node:child_process'
import { executablePath, isBuilt, PROGRAMS } from './programs.ts'

/** How each says its version: the collector's own is that of its distribution. */
const VERSION = {
  collector: ['otelcol', '--version'],
  prometheus: ['promtool', '--version'],
  alertmanager: ['amtool', '--version'],
  compose: ['docker-compose', 'version'],
}

/** Says, before the tests, which components are real here, and how to get those that are not. */
export default function sayWhatRuns() {
  const lines = Object.entries(PROGRAMS).map(([name, { version }]) => {
    if (!isBuilt(name)) return `SKIP      ${name} ${version}: with Go 1.26 or newer, \`pnpm build:programs\` builds it`
    const [executable, ...args] = VERSION[name]
    const said = execFileSync(executablePath(executable), args, { encoding: 'utf8' }).trim().split('\n')[0]
    return `REAL      ${name} ${version} (${said || 'says no version of its own'})`
  })
  lines.push(
    'REAL      openai, instrumentation and fault server, over sockets of loopback',
    process.env.STREAMGAUGE_TEMPO
      ? `REAL      tempo (${process.env.STREAMGAUGE_TEMPO})`
      : 'NOT RUN   tempo: set STREAMGAUGE_TEMPO to the executable of a Tempo 3',
    'NOT RUN   grafana: no program here can show a dashboard; its queries are run',
  )
  console.log(`\n${lines.join('\n')}\n`)
}
