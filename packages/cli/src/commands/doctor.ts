import { CliError } from '../cli-error.ts'
import { examine, examineRun } from '../doctor/examine.ts'
import { readSituation } from '../doctor/read-situation.ts'
import { EXIT } from '../exit-codes.ts'
import { worstOf, type Finding, type Level } from '../finding.ts'
import { listenForInterrupt } from '../listen-for-interrupt.ts'
import { formatDoctor } from '../print/doctor-report.ts'
import { pageWidth } from '../print/page-width.ts'
import { readArguments } from '../read-arguments.ts'

interface DoctorOptions {
  /** What starts the application; empty where nothing is to be run. */
  readonly command: readonly string[]
  readonly timeoutMs: number
  readonly json: boolean
}

const EXIT_CODES: Readonly<Record<Level, number>> = {
  ok: EXIT.OK,
  note: EXIT.OK,
  warning: EXIT.DOCTOR_WARNS,
  problem: EXIT.DOCTOR_OBJECTS,
}

/** `streamgauge doctor`: what would be hooked here, and with a command what really is. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { command, timeoutMs, json } = readOptions(args)
  const situation = readSituation(process.cwd(), process.env, command)
  const interrupt = listenForInterrupt()
  let findings: readonly Finding[]
  try {
    findings = await examine(situation, interrupt.signal)
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.INTERRUPTED
    throw error
  } finally {
    interrupt.release()
  }
  const examined = command.length === 0 ? undefined : await examineRun(situation, { command, timeoutMs, isJson: json })
  const all = [...findings, ...(examined?.findings ?? [])]
  const level = worstOf(all)
  const exitCode = EXIT_CODES[level]
  const text = json
    ? JSON.stringify(
        { findings: all, level, run: examined?.run ?? null, telemetry: examined?.telemetry ?? null, exitCode },
        undefined,
        2,
      )
    : `${examined === undefined ? '' : '\n'}${formatDoctor(all, pageWidth())}`
  process.stdout.write(`${text}\n`)
  return exitCode
}

function readOptions(args: readonly string[]): DoctorOptions {
  const at = args.indexOf('--')
  const own = at === -1 ? args : args.slice(0, at)
  const command = at === -1 ? [] : args.slice(at + 1)
  const { timeout = '60', json = false } = readArguments('doctor', own, {
    timeout: { type: 'string' },
    json: { type: 'boolean' },
  })
  if (at !== -1 && command.length === 0) {
    throw new CliError('usage', 'doctor: After -- comes the command that starts the application, such as node app.mjs.')
  }
  if (!/^\d{1,5}$/.test(timeout) || Number(timeout) === 0) {
    throw new CliError(
      'usage',
      `--timeout must be a whole number of seconds from 1 to 99999, but was ${JSON.stringify(timeout)}.`,
    )
  }
  return { command, timeoutMs: Number(timeout) * 1000, json }
}
