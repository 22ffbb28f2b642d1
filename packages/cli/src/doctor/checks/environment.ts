import { existsSync } from 'node:fs'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { OPTION_ENV } from '@streamgauge/core/semconv'
import { OpenAIStreamInstrumentation } from '@streamgauge/instrumentation-openai'
import type { Finding } from '../../finding.ts'
import { PROTOCOLS, readOtlpSetting, SIGNALS, type OtlpSetting } from '../otlp-settings.ts'
import type { Situation } from '../situation.ts'

/** Settings of OpenTelemetry and of ours. */
export function checkEnvironment({ env }: Situation): readonly Finding[] {
  const settings = SIGNALS.map((signal) => readOtlpSetting(signal, env))
  const findings = [
    ...switchedOff(env),
    ...(env['OTEL_CONFIG_FILE'] ? configFile(env['OTEL_CONFIG_FILE']) : settings.flatMap(aboutExporters)),
    ...(env['OTEL_CONFIG_FILE'] ? [] : aboutProtocols(settings)),
    ...aboutOptions(env),
  ]
  if ((env['OTEL_SERVICE_NAME'] ?? '') === '' && !(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '').includes('service.name=')) {
    findings.push(
      note(
        'OTEL_SERVICE_NAME is not set: the application shows as unknown_service.',
        'Set it to the name of the application.',
      ),
    )
  }
  return findings
}

function switchedOff(env: Situation['env']): Finding[] {
  const findings: Finding[] = []
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') {
    findings.push(problem('OTEL_SDK_DISABLED is true: nothing is watched, and nothing is sent.', 'Unset it.'))
  }
  if (env['STREAMGAUGE_ENABLED']?.trim().toLowerCase() === 'false') {
    findings.push(problem('STREAMGAUGE_ENABLED is false: nothing is watched.', 'Unset it.'))
  }
  if (env['OTEL_TRACES_SAMPLER'] === 'always_off') {
    findings.push(
      warning('OTEL_TRACES_SAMPLER is always_off: there are metrics, and no spans.', 'Unset it, or take a share.'),
    )
  }
  if (/(^|\s)--(disable-warning=StreamgaugeWarning|no-warnings)(\s|$)/.test(env['NODE_OPTIONS'] ?? '')) {
    findings.push(
      note('NODE_OPTIONS turns warnings off: that openai is not watched would not be said.', 'Leave them on.'),
    )
  }
  return findings
}

function configFile(path: string): Finding[] {
  return existsSync(path)
    ? [note(`OTEL_CONFIG_FILE names ${path}: what it says counts, and no other OTEL_ variable.`)]
    : [problem(`OTEL_CONFIG_FILE names ${path}, which is not there.`, 'Correct it, or unset it.')]
}

function aboutExporters({ signal, exporters }: OtlpSetting): Finding[] {
  const variable = `OTEL_${signal.toUpperCase()}_EXPORTER`
  if (exporters.includes('none')) {
    return [warning(`${variable} is none: no ${signal} are sent.`, `Unset it: ${LOST[signal]}.`)]
  }
  return exporters.includes('otlp')
    ? []
    : [note(`${variable} is ${exporters.join(',')}: ${signal} do not go out by OTLP.`)]
}

const LOST: Readonly<Record<OtlpSetting['signal'], string>> = {
  traces: 'spans say why a single stream broke',
  metrics: 'dashboards and alerts live on them',
  logs: 'each fault is a log event as well',
}

function aboutProtocols(settings: readonly OtlpSetting[]): Finding[] {
  const wrong = settings.find(({ protocol }) => !PROTOCOLS.includes(protocol))
  if (wrong !== undefined) {
    return [
      problem(
        `The protocol of OTLP is ${JSON.stringify(wrong.protocol)}, which does not exist.`,
        `Set OTEL_EXPORTER_OTLP_PROTOCOL to one of ${PROTOCOLS.join(', ')}.`,
      ),
    ]
  }
  const crossed = settings.find(({ protocol, url }) => /:4317(\/|$)/.test(url) && protocol !== 'grpc')
  if (crossed !== undefined) {
    return [
      warning(
        `${crossed.protocol} is sent to port 4317, where by custom gRPC is spoken.`,
        'Take port 4318, or set OTEL_EXPORTER_OTLP_PROTOCOL=grpc.',
      ),
    ]
  }
  const other = settings.find(({ protocol, url }) => /:4318(\/|$)/.test(url) && protocol === 'grpc')
  if (other === undefined) return []
  return [
    warning(
      'gRPC is sent to port 4318, where by custom HTTP is spoken, by `streamgauge view` among others.',
      'Take port 4317, or unset OTEL_EXPORTER_OTLP_PROTOCOL.',
    ),
  ]
}

/** The instrumentation itself says what it thinks of its options. */
function aboutOptions(env: Situation['env']): Finding[] {
  const known = Object.values(OPTION_ENV) as readonly string[]
  const names = Object.keys(env).filter((name) => name.startsWith('STREAMGAUGE_') && env[name] !== '')
  const unknown = names.filter((name) => !known.includes(name) && !OWN.test(name))
  const said: string[] = []
  const keep = (message: string): void => void said.push(message.replace(/^streamgauge: /, ''))
  const quiet = (): void => {}
  diag.setLogger(
    { error: keep, warn: keep, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  new OpenAIStreamInstrumentation({ enabled: false }).disable()
  diag.disable()
  return [
    ...said.map((sentence) => warning(sentence, 'Correct it, or unset it.')),
    ...unknown.map((name) => warning(`There is no option ${name}.`, `There are ${known.join(', ')}.`)),
  ]
}

/** Variables of tests and of this command. */
const OWN = /^STREAMGAUGE_(DOCTOR|NODE|VIEW)_/

function problem(text: string, remedy: string): Finding {
  return { level: 'problem', subject: 'environment', text, remedy }
}

function warning(text: string, remedy: string): Finding {
  return { level: 'warning', subject: 'environment', text, remedy }
}

function note(text: string, remedy?: string): Finding {
  return { level: 'note', subject: 'environment', text, remedy }
}
