/**
 * A number that a program tells of itself, added up over its series; 0 where it has none.
 *
 * @param url of its metrics, in Prometheus's text format
 * @param part of a series' labels, such as `sampled="true"`
 */
export async function readCounter(url: string, name: string, part = ''): Promise<number> {
  const text = await (await fetch(url)).text()
  return text
    .split('\n')
    .filter((line) => /^\w+/.exec(line)?.[0] === name && line.includes(part))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
