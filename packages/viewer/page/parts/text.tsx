import { capText, escapePieces, escapeText, MAX_SHOWN_LENGTH } from '../text/escape.ts'

/** A text that a server or any program made up: escaped, as long as is sensible, and apart from the text around it. */
export function Text({ value, max = MAX_SHOWN_LENGTH }: { readonly value: string; readonly max?: number }) {
  return (
    <bdi>
      {escapePieces(capText(value, max)).map(({ text, isSign }, i) =>
        isSign ? (
          <span key={i} class="sign">
            {text}
          </span>
        ) : (
          text
        ),
      )}
    </bdi>
  )
}

/** A text for a tooltip. */
export function tip(value: string): string {
  return escapeText(capText(value, 300))
}
