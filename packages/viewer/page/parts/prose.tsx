/** A text of the catalogue, in which backticks mean code. */
export function Prose({ text }: { readonly text: string }) {
  return <>{text.split('`').map((piece, i) => (i % 2 === 1 ? <code key={i}>{piece}</code> : piece))}</>
}
