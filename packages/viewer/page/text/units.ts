/** `12 ms`, `1.2 s`, `2 min 5 s`. */
export function formatMs(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return '–'
  const size = Math.abs(ms)
  if (size < 10) return `${ms.toFixed(1)} ms`
  if (size < 1000) return `${ms.toFixed(0)} ms`
  if (size < 60_000) return `${(ms / 1000).toFixed(2)} s`
  const seconds = Math.round(ms / 1000)
  if (size < 3_600_000) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${(seconds / 3600).toFixed(1)} h`
}

/** `812 B`, `1.2 kB`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '–'
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1e6) return `${(bytes / 1000).toFixed(1)} kB`
  return `${(bytes / 1e6).toFixed(1)} MB`
}

/** `1,234`. */
export function formatCount(count: number | null): string {
  return count === null ? '–' : count.toLocaleString('en')
}

/** `3.1 %` */
export function formatShare(share: number | null): string {
  if (share === null) return '–'
  return `${(share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0)} %`
}

/** `14:03:22.1`, with the day where it is another than today's. */
export function formatTime(ms: number, now = new Date()): string {
  const time = new Date(ms)
  if (Number.isNaN(time.getTime())) return '–'
  const pad = (value: number): string => String(value).padStart(2, '0')
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`
  if (time.toDateString() === now.toDateString()) return `${clock}.${Math.floor(time.getMilliseconds() / 100)}`
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock.slice(0, 5)}`
}

/** A time on an axis whose marks are so many milliseconds apart: as exact as they are, with the day where they are days. */
export function formatAxisTime(ms: number, stepMs: number): string {
  const time = new Date(ms)
  if (Number.isNaN(time.getTime())) return '–'
  const pad = (value: number): string => String(value).padStart(2, '0')
  const day = `${pad(time.getMonth() + 1)}-${pad(time.getDate())}`
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}`
  if (stepMs >= 86_400_000) return day
  if (stepMs >= 3_600_000) return `${day} ${clock}`
  if (stepMs >= 60_000) return clock
  const seconds = `${clock}:${pad(time.getSeconds())}`
  return stepMs % 1000 === 0 ? seconds : `${seconds}.${Math.floor(time.getMilliseconds() / 100)}`
}

/** `1 stream`, `2 streams`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}
