const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const NOTHING = '·'

/** Counts as bars, the highest of which fills its line; a dot stands for none. */
export function drawSparkline(counts: readonly number[]): string {
  const highest = Math.max(0, ...counts)
  if (highest === 0) return ''
  return counts
    .map((count) => (count === 0 ? NOTHING : (BARS[Math.ceil((count / highest) * BARS.length) - 1] ?? NOTHING)))
    .join('')
}
