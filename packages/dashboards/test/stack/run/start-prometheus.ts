import { join } from 'node:path'
import { composeCommand } from './compose-command.ts'
import { startProgram, type Running } from './start-program.ts'

/** Prometheus on a port of loopback, with the flags of docker-compose.yml. */
export function startPrometheus(folder: string, config: string, port: number | undefined): Promise<Running> {
  const places = { '--config.file': config, '--storage.tsdb.path': join(folder, 'prometheus-data') }
  return startProgram('prometheus', {
    args: [...composeCommand('prometheus', places), `--web.listen-address=127.0.0.1:${port}`, '--web.route-prefix=/'],
    folder,
    readyUrl: `http://127.0.0.1:${port}/-/ready`,
  })
}
