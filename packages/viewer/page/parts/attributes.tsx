import type { Attributes } from '../../src/otlp/any-value.ts'

import { valueText } from '../text/value-text.ts'
import { Text } from './text.tsx'

/** Names and values, whatever they are. */
export function AttributeTable({ attributes }: { readonly attributes: Attributes }) {
  return (
    <table class="attributes">
      <tbody>
        {Object.entries(attributes)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                <Text value={name} max={100} />
              </th>
              <td>
                <Text value={valueText(value) ?? 'null'} />
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}
