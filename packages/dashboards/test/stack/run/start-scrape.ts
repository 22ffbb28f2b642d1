import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeCommand } from './compose-command.ts'
import { shippedPath } from './shipped.ts'
import { startProgram } from './start-program.ts'

/**
 * A Prometheus that scrapes an application, with the rules that are shipped for that.
 *
 * @param port of loopback on which the application serves its metrics
 */
export async function startScrape(port: number, own: number): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'streamgauge-scrape-'))
  const config = join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    `global: { scrape_interval: 1s, evaluation_interval: 1m }
rule_files: ['${shippedPath('scraped/rules')}/*.yml']
scrape_configs: [{ job_name: shop/chat, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]
`,
  )
  const places = { '--config.file': config, '--storage.tsdb.path': join(folder, 'data') }
  try {
    const running = await startProgram('prometheus', {
      args: [...composeCommand('prometheus', places), `--web.listen-address=127.0.0.1:${own}`, '--web.route-prefix=/'],
      folder,
      readyUrl: `http://127.0.0.1:${own}/-/ready`,
    })
    return {
      url: `http://127.0.0.1:${own}`,
      stop: async () => {
        await running.stop()
        rmSync(folder, { recursive: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
}
