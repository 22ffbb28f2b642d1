/** One field of a message: its number, and its bytes where it has any. */
export interface Field {
  readonly number: number
  readonly bytes: Uint8Array
}

const NO_BYTES = new Uint8Array()
const [VARINT, FIXED64, DELIMITED, FIXED32] = [0, 1, 2, 5]

/** The fields of a message, in their order: https://protobuf.dev/programming-guides/encoding/ */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let position = 0
  const readVarint = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = message[position++]
      if (byte === undefined) throw new Error('a message ends inside a field')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  while (position < message.length) {
    const tag = readVarint()
    const number = Math.floor(tag / 8)
    const type = tag % 8
    if (type === VARINT) readVarint()
    else if (type === FIXED64) position += 8
    else if (type === FIXED32) position += 4
    else if (type !== DELIMITED) throw new Error(`there is no wire type ${type}`)
    const end = type === DELIMITED ? readVarint() + position : position
    yield { number, bytes: type === DELIMITED ? message.subarray(position, end) : NO_BYTES }
    position = end
  }
}

/** The messages that are found by following one field number after the other. */
export function messagesAt(message: Uint8Array, path: readonly number[]): Uint8Array[] {
  const [first, ...rest] = path
  if (first === undefined) return [message]
  return [...fieldsOf(message)].filter(({ number }) => number === first).flatMap(({ bytes }) => messagesAt(bytes, rest))
}

export const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? NO_BYTES).toString('utf8')
