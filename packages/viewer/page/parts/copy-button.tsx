import { useState } from 'preact/hooks'

/** Puts a text on the clipboard. */
export function CopyButton({ label, text }: { readonly label: string; readonly text: () => string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => setState('copied'),
      () => setState('refused'),
    )
  }
  const said = { idle: label, copied: 'Copied', refused: 'The browser refused' }[state]
  return (
    <button type="button" onClick={copy} onBlur={() => setState('idle')}>
      <span aria-live="polite">{said}</span>
    </button>
  )
}
