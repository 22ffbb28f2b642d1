import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { composeCommand } from './compose-command.ts'
import { readShipped } from './shipped.ts'
import { startProgram, type Running } from './start-program.ts'

/** Alertmanager on a port of loopback, as it is shipped, but that it tells another webhook. */
export function startAlertmanager(folder: string, port: number | undefined, webhookUrl: string): Promise<Running> {
  const urlFile = join(folder, 'webhook-url')
  writeFileSync(urlFile, `${webhookUrl}\n`)
  const config = join(folder, 'alertmanager.yml')
  writeFileSync(config, readShipped('alertmanager/alertmanager.yml', [['/etc/alertmanager/webhook-url', urlFile]]))
  const places = { '--config.file': config, '--storage.path': join(folder, 'alertmanager-data') }
  return startProgram('alertmanager', {
    args: [...composeCommand('alertmanager', places), `--web.listen-address=127.0.0.1:${port}`, '--web.route-prefix=/'],
    folder,
    readyUrl: `http://127.0.0.1:${port}/-/ready`,
  })
}
