import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { pageWidth } from '../print/page-width.ts'
import { formatReplay } from '../print/replay.ts'
import { readArgumentsWithOperand } from '../read-arguments.ts'
import { BODY_ENDS, type BodyEndName } from '../replay/body-ends.ts'
import type { ReplayOptions } from '../replay/replay-capture.ts'
import { replayFile } from '../replay/replay-file.ts'
import type { ShowMode } from '../replay/verdict.ts'

/** `streamgauge replay <file|->`: the verdict on a stream that was captured. */
export async function replay(args: readonly string[]): Promise<number> {
  const { source, json, mode, options } = readOptions(args)
  const document = await replayFile(source, options, mode)
  process.stdout.write(`${json ? JSON.stringify(document, undefined, 2) : formatReplay(document, pageWidth())}\n`)
  return document.streams.some(({ outcome }) => outcome === 'broken') ? EXIT.DIFFERENT : EXIT.OK
}

interface Options {
  readonly source: string
  readonly json: boolean
  readonly mode: ShowMode
  readonly options: ReplayOptions
}

function readOptions(args: readonly string[]): Options {
  const { values, operand } = readArgumentsWithOperand('replay', args, {
    json: { type: 'boolean' },
    full: { type: 'boolean' },
    host: { type: 'string' },
    model: { type: 'string' },
    end: { type: 'string' },
  })
  if (operand === undefined || operand === '') {
    throw new CliError('usage', 'replay: Name a captured body, or - for the standard input.')
  }
  const { json = false, full = false, host, model, end } = values
  return {
    source: operand,
    json,
    mode: full ? 'full' : 'masked',
    options: { host, model, end: end === undefined ? undefined : { error: BODY_ENDS[readEnd(end)] } },
  }
}

function readEnd(text: string): BodyEndName {
  if (Object.hasOwn(BODY_ENDS, text)) return text as BodyEndName
  const known = Object.keys(BODY_ENDS).join(', ')
  throw new CliError('usage', `--end must be one of ${known}, but was ${JSON.stringify(text)}.`)
}
