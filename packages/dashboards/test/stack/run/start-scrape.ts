import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { shippedPath } from './shipped.ts'
import { startPrometheus } from './start-prometheus.ts'
import { startTogether, type Stoppable } from './start-together.ts'

/**
 * A Prometheus that scrapes an application, with the rules that are shipped for that.
 *
 * @param port of loopback on which the application serves its metrics
 */
export function startScrape(port: number, own: number): Promise<Stoppable & { readonly url: string }> {
  return startTogether('scrape', async (folder, keep) => {
    const config = join(folder, 'prometheus.yml')
    writeFileSync(
      config,
      `global: { scrape_interval: 1s, evaluation_interval: 1m }
rule_files: ['${shippedPath('scraped/rules')}/*.yml']
scrape_configs: [{ job_name: shop/chat, static_configs: [{ targets: ['127.0.0.1:${port}'] }] }]
`,
    )
    keep(await startPrometheus(folder, config, own))
    return { url: `http://127.0.0.1:${own}` }
  })
}
