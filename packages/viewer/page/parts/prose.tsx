import { Text } from './text.tsx'

/** A text in which backticks mean code, such as the catalogue's; escaped, since a span may say anything in its place. */
export function Prose({ text, max }: { readonly text: string; readonly max?: number }) {
  const shown = max === undefined || text.length <= max ? text : `${text.slice(0, max)}…`
  return (
    <>
      {shown
        .split('`')
        .map((piece, i) =>
          i % 2 === 1 ? <code key={i}>{<Text value={piece} />}</code> : <Text key={i} value={piece} />,
        )}
    </>
  )
}
