import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CUT, UNPARSED } from '../../src/alerts/codes.ts'
import { isBuilt } from './programs/programs.ts'
import { freePorts } from './run/free-ports.ts'
import { until } from './run/poll.ts'
import { readShipped } from './run/shipped.ts'
import { startAlertmanager } from './run/start-alertmanager.ts'
import { startTogether, type Stoppable } from './run/start-together.ts'

const withAlertmanager = isBuilt('alertmanager') ? describe : describe.skip

const ROUTE = {
  job: 'shop/chat',
  deployment_environment_name: 'production',
  gen_ai_provider_name: 'openai',
  gen_ai_request_model: 'gpt-5-mini',
  server_address: 'api.openai.com',
}

interface Posted {
  readonly labels: Readonly<Record<string, string>>
  readonly status: { readonly state: string }
}

withAlertmanager('of alerts that say the same', () => {
  let url: string
  let alertmanager: Stoppable
  beforeAll(async () => {
    const [port] = await freePorts(1)
    url = `http://127.0.0.1:${port}`
    // Nobody is at the webhook: only what would be told is asked.
    alertmanager = await startTogether('inhibition', async (folder, keep) => {
      keep(await startAlertmanager(folder, port, 'http://127.0.0.1:1/'))
      return {}
    })
    const alerts = [
      { alertname: 'StreamgaugeParseErrorsFast', ...ROUTE },
      { alertname: 'StreamgaugeParseErrorsSlow', ...ROUTE },
      { alertname: 'StreamgaugeStreamsBreak', ...ROUTE },
      { alertname: 'StreamgaugeParseErrorsSlow', ...ROUTE, deployment_environment_name: 'staging' },
      ...['truncated_event', 'upstream_error', '429'].map((type) => ({
        alertname: 'StreamgaugeFaultRise',
        ...ROUTE,
        error_type: type,
      })),
    ]
    const response = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts.map((labels) => ({ labels }))),
    })
    if (!response.ok) throw new Error(`Alertmanager answers ${response.status}: ${await response.text()}`)
  }, 60_000)
  afterAll(() => alertmanager?.stop())

  it('one is told, and what is news beside it', async () => {
    const posted = await until('the alerts', 20_000, async () => {
      const found = (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly Posted[]
      return found.length === 7 && found.every(({ status }) => status.state !== 'unprocessed') ? found : undefined
    })
    const states = posted.map(({ labels, status }) => [
      [labels['alertname'], labels['error_type'], labels['deployment_environment_name']].filter(Boolean).join(' '),
      status.state,
    ])
    expect(Object.fromEntries(states)).toEqual({
      'StreamgaugeParseErrorsFast production': 'active',
      'StreamgaugeParseErrorsSlow production': 'suppressed',
      'StreamgaugeParseErrorsSlow staging': 'active',
      'StreamgaugeStreamsBreak production': 'suppressed',
      'StreamgaugeFaultRise truncated_event production': 'suppressed',
      'StreamgaugeFaultRise upstream_error production': 'active',
      'StreamgaugeFaultRise 429 production': 'active',
    })
  }, 30_000)

  it('those faults are no news that cut an answer or leave a chunk that cannot be parsed', () => {
    const config = readShipped('alertmanager/alertmanager.yml', [])
    const [, codes = ''] = /error_type =~ "([^"]*)"/.exec(config) ?? []
    expect(codes.split('|').toSorted()).toEqual([...new Set([...CUT, ...UNPARSED])].toSorted())
  })
})
