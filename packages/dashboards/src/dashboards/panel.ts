/** What a panel asks Prometheus. */
export interface PromQuery {
  readonly promql: string
  /** How a series is called, `{{label}}` being its label. */
  readonly legend?: string | undefined
}

/** What a panel asks Tempo: for spans, or for numbers made of them. */
export interface TraceQuery {
  readonly traceql: string
  readonly answer: 'spans' | 'numbers' | 'numbers over time'
}

/** One panel as data. Width is of 24 columns, height of Grafana's rows. */
export interface Panel {
  readonly title: string
  /** What it shows and what to make of it; Grafana shows it behind the panel's "i". */
  readonly description: string
  /** `lines` and `bars` show how something went over time; the others its value over all of the time that is shown. */
  readonly kind: 'number' | 'lines' | 'bars' | 'ranking' | 'table'
  readonly queries: readonly (PromQuery | TraceQuery)[]
  /** One of Grafana's unit ids; of a table, that of its numbers. */
  readonly unit: string
  /** What stands there while nothing was found. */
  readonly empty: string
  readonly width: number
  readonly height: number
  /** From this value on it is orange, and from the second one on red. */
  readonly limits?: readonly [orange: number, red: number] | undefined
  /** Length of a bar, where it is not what fits the screen. */
  readonly interval?: string | undefined
  /** Of a table: labels and `Value #A`, `#B`, … by what their columns are called. Others are left out. */
  readonly columns?: Readonly<Record<string, string>> | undefined
  /** Of a table: units of single columns. */
  readonly columnUnits?: Readonly<Record<string, string>> | undefined
}

/** Panels under a heading. */
export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly tags: readonly string[]
  readonly rows: readonly Row[]
  /** Labels that can be chosen, by the name of their variable. */
  readonly variables: Readonly<Record<string, Variable>>
  /** Whether it asks Tempo. */
  readonly hasTraces: boolean
}

export interface Variable {
  readonly label: string
  /** In Grafana's notation for Prometheus. */
  readonly query: string
}

/** A range whose length Grafana chooses so that no sample is missed. */
export const STEP = '$__rate_interval'
/** What one bar stands for. */
export const BAR = '$__interval'
/** The shortest bar: in less there may be no sample. */
export const SHORTEST_BAR = '5m'
/** All of the time that is shown. */
export const WHOLE = '$__range'

/** Units of Grafana. */
export const UNIT = { SHARE: 'percentunit', COUNT: 'short', SECONDS: 's' } as const
