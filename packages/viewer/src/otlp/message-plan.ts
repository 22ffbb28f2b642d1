import type { DescField, DescMessage } from '@bufbuild/protobuf'
import type { BinaryReader } from '@bufbuild/protobuf/wire'

import { ScalarType } from '@bufbuild/protobuf'
import { WireType } from '@bufbuild/protobuf/wire'

/** How a message is read, worked out once from its descriptor. */
export interface MessagePlan {
  /** Such as `Span`, for error messages. */
  readonly name: string
  readonly fields: ReadonlyMap<number, FieldPlan>
}

export interface FieldPlan {
  /** Such as `Span.traceId`, for error messages. */
  readonly name: string
  /** Name in JSON. */
  readonly key: string
  readonly isList: boolean
  /** Wire type of one value. */
  readonly wireType: WireType
  /** Whether values of a list may stand in a row, without a tag for each. */
  readonly isPackable: boolean
  /** Names of the other members of a oneof: the last one on the wire counts. */
  readonly rivals: readonly string[]
  readonly content: ReadScalar | { readonly message: DescMessage }
}

type ReadScalar = (wire: BinaryReader) => unknown

const plans = new WeakMap<DescMessage, MessagePlan>()

export function planMessage(message: DescMessage): MessagePlan {
  const known = plans.get(message)
  if (known !== undefined) return known
  const plan = { name: message.name, fields: new Map(message.fields.map((field) => [field.number, planField(field)])) }
  plans.set(message, plan)
  return plan
}

function planField(field: DescField): FieldPlan {
  const isList = field.fieldKind === 'list'
  const [wireType, content] = planContent(field)
  return {
    name: `${field.parent.name}.${field.jsonName}`,
    key: field.jsonName,
    isList,
    wireType,
    isPackable: isList && wireType !== WireType.LengthDelimited,
    rivals: field.oneof?.fields.filter((other) => other !== field).map((other) => other.jsonName) ?? [],
    content,
  }
}

function planContent(field: DescField): readonly [WireType, FieldPlan['content']] {
  if (field.message !== undefined) return [WireType.LengthDelimited, { message: field.message }]
  // OTLP: in JSON the ids are hex, "not base64-encoded as is defined in the standard Protobuf JSON Mapping".
  if (field.scalar === ScalarType.BYTES && ID.test(field.jsonName)) return [WireType.LengthDelimited, readHex]
  // An enum is an int32 on the wire.
  return SCALARS[field.scalar ?? ScalarType.INT32]
}

const ID = /^(traceId|spanId|parentSpanId)$/

const SCALARS: Readonly<Record<ScalarType, readonly [WireType, ReadScalar]>> = {
  [ScalarType.BOOL]: [WireType.Varint, (wire) => wire.bool()],
  [ScalarType.BYTES]: [WireType.LengthDelimited, readBase64],
  [ScalarType.DOUBLE]: [WireType.Bit64, (wire) => wire.double()],
  [ScalarType.FIXED32]: [WireType.Bit32, (wire) => wire.fixed32()],
  [ScalarType.FIXED64]: [WireType.Bit64, (wire) => wire.fixed64()],
  [ScalarType.FLOAT]: [WireType.Bit32, (wire) => wire.float()],
  [ScalarType.INT32]: [WireType.Varint, (wire) => wire.int32()],
  [ScalarType.INT64]: [WireType.Varint, (wire) => wire.int64()],
  [ScalarType.SFIXED32]: [WireType.Bit32, (wire) => wire.sfixed32()],
  [ScalarType.SFIXED64]: [WireType.Bit64, (wire) => wire.sfixed64()],
  [ScalarType.SINT32]: [WireType.Varint, (wire) => wire.sint32()],
  [ScalarType.SINT64]: [WireType.Varint, (wire) => wire.sint64()],
  // proto3: "A string must always contain UTF-8 encoded … text".
  [ScalarType.STRING]: [WireType.LengthDelimited, (wire) => wire.string(true)],
  [ScalarType.UINT32]: [WireType.Varint, (wire) => wire.uint32()],
  [ScalarType.UINT64]: [WireType.Varint, (wire) => wire.uint64()],
}

function readHex(wire: BinaryReader): string {
  return asBuffer(wire.bytes()).toString('hex')
}

function readBase64(wire: BinaryReader): string {
  return asBuffer(wire.bytes()).toString('base64')
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
