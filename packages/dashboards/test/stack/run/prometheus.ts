/** A series of an answer of Prometheus, and its value. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

interface Answer {
  readonly status: string
  readonly error?: string
  readonly data: { readonly result: readonly { metric: Record<string, string>; value: readonly [number, string] }[] }
}

/**
 * Asks for the value of an expression at this moment.
 *
 * @throws Error with what Prometheus says of an expression that it cannot take
 */
export async function query(prometheusUrl: string, expression: string): Promise<readonly Sample[]> {
  const response = await fetch(`${prometheusUrl}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
  })
  const { status, error, data } = (await response.json()) as Answer
  if (status !== 'success') throw new Error(`${error}: ${expression}`)
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}

/** The labels of the alerts that fire, also before Prometheus writes them as series. */
export async function firingAlerts(prometheusUrl: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const response = await fetch(`${prometheusUrl}/api/v1/alerts`)
  const { data } = (await response.json()) as {
    data: { alerts: readonly { state: string; labels: Readonly<Record<string, string>> }[] }
  }
  return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels)
}

/** An expression as Grafana sends it where everything is chosen. */
export function asGrafanaSends(expression: string, range: string): string {
  return expression
    .replaceAll('$__rate_interval', range)
    .replaceAll('$__range', range)
    .replaceAll('$__interval', range)
    .replaceAll(/\$\{\w+:regex\}|\$\w+/g, '.*')
}
