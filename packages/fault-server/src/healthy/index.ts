import type { Injector } from '../injector.ts'
import { azure } from './azure.ts'
import { bom } from './bom.ts'
import { brotli } from './brotli.ts'
import { bytewise } from './bytewise.ts'
import { comments } from './comments.ts'
import { cr } from './cr.ts'
import { crlf } from './crlf.ts'
import { dataBeforeEvent } from './data-before-event.ts'
import { deflate } from './deflate.ts'
import { doneWithoutFinish } from './done-without-finish.ts'
import { finishWithoutDone } from './finish-without-done.ts'
import { gzip } from './gzip.ts'
import { keepaliveEvent } from './keepalive-event.ts'
import { keepalive } from './keepalive.ts'
import { labelledJson } from './labelled-json.ts'
import { multiData } from './multi-data.ts'
import { noSpace } from './no-space.ts'
import { oddPieces } from './odd-pieces.ts'
import { oneWrite } from './one-write.ts'
import { plain } from './plain.ts'
import { responsesBytewise } from './responses-bytewise.ts'
import { responsesIncomplete } from './responses-incomplete.ts'
import { responses } from './responses.ts'
import { severalChoices } from './several-choices.ts'
import { slow } from './slow.ts'
import { toolCalls } from './tool-calls.ts'
import { untilClose } from './until-close.ts'
import { usage } from './usage.ts'

/**
 * Healthy streams, plain and in every legal spelling that has fooled a reader: none of them is a fault.
 *
 * @public
 */
export const HEALTHY: readonly Injector[] = [
  plain,
  usage,
  toolCalls,
  severalChoices,
  azure,
  bytewise,
  oddPieces,
  oneWrite,
  slow,
  crlf,
  cr,
  noSpace,
  comments,
  keepalive,
  multiData,
  bom,
  finishWithoutDone,
  doneWithoutFinish,
  gzip,
  deflate,
  brotli,
  untilClose,
  labelledJson,
  responses,
  responsesBytewise,
  responsesIncomplete,
  dataBeforeEvent,
  keepaliveEvent,
]
