import { Text } from './text.tsx'

/** Why something can't be shown. */
export function Failure({ message }: { readonly message: string }) {
  return (
    <p class="failure" role="alert">
      <Text value={message} />
    </p>
  )
}
