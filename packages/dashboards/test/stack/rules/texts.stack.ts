import { describe, expect, it } from '@jest/globals'
import { ALERTS } from '../../../src/alerts/index.ts'
import { isBuilt } from '../programs/programs.ts'
import { PARSE_ERROR_CASES } from './parse-error-cases.ts'
import { PATTERN_CASES } from './pattern-cases.ts'
import { expectTexts, faults, parseErrors, ROUTE, streams, watched } from './rule-case.ts'

const withPromtool = isBuilt('prometheus') ? describe : describe.skip

it('each alert has its cases', () => {
  expect(Object.keys({ ...PARSE_ERROR_CASES, ...PATTERN_CASES })).toEqual(ALERTS.map(({ name }) => name))
})

withPromtool('the texts of an alert', () => {
  const grafana = 'http://localhost:3000/d'
  const chosen = 'var-job=shop%2Fchat&var-environment=&var-provider=openai&var-model=gpt-5-mini&var-host=api.openai.com'

  it('name the share, the model, the host, the provider and the service, and link to what helps', () => {
    expectTexts(
      'StreamgaugeParseErrorsFast',
      30,
      [...streams(50, 60, 1), parseErrors('0+1x60')],
      { ...ROUTE, severity: 'critical' },
      {
        summary:
          'Chunks of 2% of the streams could not be parsed: gpt-5-mini at api.openai.com (openai), asked by shop/chat',
        description:
          'The parse-error rate uses up the budget of a month within two to five days. Answers are cut or garbled right now.',
        dashboard_url: `${grafana}/streamgauge-failures?${chosen}`,
        runbook_url: `${grafana}/streamgauge-runbook?viewPanel=panel-1`,
      },
    )
  })

  it('name the fault that has risen', () => {
    expectTexts(
      'StreamgaugeFaultRise',
      140,
      [...streams(50, 180, 2), faults('0x120 0+2x60')],
      { ...ROUTE, error_type: 'missing_terminator', severity: 'warning' },
      {
        summary:
          'missing_terminator breaks 4% of the streams, suddenly: gpt-5-mini at api.openai.com (openai), asked by shop/chat',
        description: 'One type of fault breaks more than 5 times as many streams as in the day before.',
        dashboard_url: `${grafana}/streamgauge-failures?${chosen}&var-fault=missing_terminator`,
        runbook_url: `${grafana}/streamgauge-runbook?viewPanel=panel-4`,
      },
    )
  })

  it('name the service that fell silent', () => {
    expectTexts(
      'StreamgaugeNoTelemetry',
      90,
      [watched('1x60 _x60')],
      { job: ROUTE.job, severity: 'warning' },
      {
        summary: 'No telemetry for 20 minutes from shop/chat',
        description:
          'Nothing at all came from this service for 20 minutes, where something came within the last day: its streams are not watched.',
        dashboard_url: `${grafana}/streamgauge-self-check?var-job=shop%2Fchat`,
        runbook_url: `${grafana}/streamgauge-runbook?viewPanel=panel-8`,
      },
    )
  })
})
