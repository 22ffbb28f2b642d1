import type { SpanAnswer } from '../../src/api/answers.ts'

/** A span and how deep it stands in its trace. */
export interface TreeSpan extends SpanAnswer {
  readonly depth: number
}

/** Deepest place that is drawn as such. */
const MAX_DEPTH = 24

/** The spans of a trace as a tree, in the order of a table; whose parent is missing stands at the root. */
export function toSpanTree(spans: readonly SpanAnswer[]): readonly TreeSpan[] {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const children = new Map<string, SpanAnswer[]>()
  for (const span of spans) {
    const parent = span.parentSpanId !== null && ids.has(span.parentSpanId) ? span.parentSpanId : ''
    children.set(parent, [...(children.get(parent) ?? []), span])
  }
  const tree: TreeSpan[] = []
  const seen = new Set<string>()
  const stack = (children.get('') ?? []).map((span) => ({ ...span, depth: 0 })).toReversed()
  for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
    if (seen.has(span.spanId)) continue
    seen.add(span.spanId)
    tree.push(span)
    const depth = Math.min(MAX_DEPTH, span.depth + 1)
    stack.push(...(children.get(span.spanId) ?? []).map((child) => ({ ...child, depth })).toReversed())
  }
  // Spans that are each other's parents hang on no root.
  return [...tree, ...spans.filter(({ spanId }) => !seen.has(spanId)).map((span) => ({ ...span, depth: 0 }))]
}
