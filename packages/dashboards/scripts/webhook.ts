import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { homedir } from 'node:os'
import { resolveVariable, type Variables } from './compose-file.ts'
import { EXIT, type Problem } from './problem.ts'

const VARIABLE = 'ALERT_WEBHOOK_URL_FILE'
const USUAL = './packages/dashboards/stack/alertmanager/webhook-url'

/** Docker makes a folder where a file to be mounted is missing, and Alertmanager then fails at something else. */
export function findWebhookProblem(variables: Variables, root: string): Problem | undefined {
  const chosen = resolveVariable(variables, VARIABLE, USUAL)
  const sentence = explain(chosen, root)
  return sentence === undefined ? undefined : { exitCode: EXIT.WEBHOOK, sentence }
}

function explain(chosen: string, root: string): string | undefined {
  if (!/^(?:[/~]|\.{1,2}[/\\]|[a-z]:)/i.test(chosen)) {
    return `${VARIABLE} is "${chosen}", which Compose takes for the name of a volume: begin it with / or ./.`
  }
  const path = chosen.startsWith('~') ? join(homedir(), chosen.slice(1)) : resolve(root, chosen)
  try {
    // Its content is not told: an address may hold a token.
    if (/^https?:\/\/\S+$/.test(readFileSync(path, 'utf8').trim())) return undefined
    return `${path} holds no address: write the one that alerts are sent to into it, as http://… or https://… on one line.`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') {
      return `${path} is missing: write the address that alerts are sent to into it, or say with ${VARIABLE} where it stands.`
    }
    if (code === 'EISDIR') {
      return `${path} is a folder, which Docker makes where a file is missing: remove it, and write the address that alerts are sent to into a file of that name.`
    }
    return `${path} can't be read (${code}): Alertmanager needs it, for the address that alerts are sent to.`
  }
}
