import { generatedFiles } from '../src/generated-files.ts'

/** As much of Grafana's classic JSON as the tests look at. */
export interface DashboardJson {
  readonly uid: string
  readonly title: string
  readonly panels: readonly PanelJson[]
  readonly links?: readonly object[]
  readonly templating: { readonly list?: readonly VariableJson[] }
}

export interface PanelJson {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly datasource?: { readonly uid: string }
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string; readonly noValue?: string } }
  readonly targets?: readonly TargetJson[]
}

export interface TargetJson {
  readonly refId: string
  /** PromQL. */
  readonly expr?: string
  readonly range?: boolean
  /** TraceQL. */
  readonly query?: string
  readonly tableType?: string
  readonly datasource?: { readonly uid: string }
}

interface VariableJson {
  readonly name: string
  readonly type: string
  readonly regex?: string
  readonly query: string | { readonly query: string }
}

/** The dashboards as they are committed, by their path. */
export function readDashboards(): readonly (readonly [path: string, dashboard: DashboardJson])[] {
  return [...generatedFiles()]
    .filter(([path]) => path.endsWith('.json'))
    .map(([path, text]) => [path, JSON.parse(text) as DashboardJson] as const)
}
