import { ATTR, GEN_AI } from '@streamgauge/core/semconv'
import { labelName } from './names.ts'

type LabelKey =
  | 'JOB'
  | 'INSTANCE'
  | 'ENVIRONMENT'
  | 'PROVIDER'
  | 'MODEL'
  | 'HOST'
  | 'OUTCOME'
  | 'FAULT'
  | 'CAUSE'
  | 'ANOMALY'
  | 'SDK_VERSION'
  | 'SCOPE_VERSION'

/** The labels that queries group by. */
export const LABEL: Readonly<Record<LabelKey, string>> = {
  /** The service: of OTLP `service.namespace/service.name`, of a scrape its job. */
  JOB: 'job',
  /** Production or another; only where the application says so. */
  ENVIRONMENT: labelName('deployment.environment.name'),
  /** The process. */
  INSTANCE: 'instance',
  PROVIDER: labelName(GEN_AI.PROVIDER_NAME),
  MODEL: labelName(GEN_AI.REQUEST_MODEL),
  HOST: labelName(GEN_AI.SERVER_ADDRESS),
  OUTCOME: labelName(ATTR.OUTCOME),
  FAULT: labelName(GEN_AI.ERROR_TYPE),
  CAUSE: labelName(ATTR.CAUSE),
  ANOMALY: labelName(ATTR.ANOMALY_TYPE),
  SDK_VERSION: labelName(ATTR.SDK_VERSION),
  /** The version of the instrumentation. */
  SCOPE_VERSION: 'otel_scope_version',
}

/** What a team can do something about: one model of one provider, at one host, for one service. */
export const ROUTE: readonly string[] = [LABEL.JOB, LABEL.ENVIRONMENT, LABEL.PROVIDER, LABEL.MODEL, LABEL.HOST]
