/** Follows the live events as the page does; returns how to stop. */
export async function listen(url: string, heard: (event: number) => void): Promise<() => void> {
  const controller = new AbortController()
  const { body } = await fetch(`${url}/api/live`, { signal: controller.signal })
  let [events, text] = [0, '']
  async function follow(): Promise<void> {
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString()
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        if (text.startsWith('event: ingest')) heard(events++)
        text = text.slice(end + 2)
      }
    }
  }
  follow().catch(() => {}) // it ends by being stopped
  return () => controller.abort()
}
