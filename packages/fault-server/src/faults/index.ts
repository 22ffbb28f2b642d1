import type { Injector } from '../injector.ts'
import { badChunkFraming } from './bad-chunk-framing.ts'
import { buffered } from './buffered.ts'
import { closeBeforeHeaders } from './close-before-headers.ts'
import { closeInsideEvent } from './close-inside-event.ts'
import { coalesced } from './coalesced.ts'
import { corruptBrotli } from './corrupt-brotli.ts'
import { corruptGzip } from './corrupt-gzip.ts'
import { cutBetweenEvents } from './cut-between-events.ts'
import { cutInsideEvent } from './cut-inside-event.ts'
import { cutJson } from './cut-json.ts'
import { cutToolArguments } from './cut-tool-arguments.ts'
import { cutUntilClose } from './cut-until-close.ts'
import { emptyBody } from './empty-body.ts'
import { emptyEvent } from './empty-event.ts'
import { gzipFlushedLate } from './gzip-flushed-late.ts'
import { hangAfterDone } from './hang-after-done.ts'
import { htmlAsEvent } from './html-as-event.ts'
import { htmlMidStream } from './html-mid-stream.ts'
import { htmlPage } from './html-page.ts'
import { http401 } from './http-401.ts'
import { http403Html } from './http-403-html.ts'
import { http404 } from './http-404.ts'
import { http429 } from './http-429.ts'
import { http500 } from './http-500.ts'
import { http502 } from './http-502.ts'
import { interleavedEvents } from './interleaved-events.ts'
import { invalidUtf8 } from './invalid-utf8.ts'
import { joinedEvents } from './joined-events.ts'
import { jsonErrorPage } from './json-error-page.ts'
import { lateClose } from './late-close.ts'
import { lateData } from './late-data.ts'
import { lateReset } from './late-reset.ts'
import { ndjson } from './ndjson.ts'
import { noDone } from './no-done.ts'
import { notJson } from './not-json.ts'
import { onlyComments } from './only-comments.ts'
import { rawNewline } from './raw-newline.ts'
import { resetBeforeHeaders } from './reset-before-headers.ts'
import { resetInsideEvent } from './reset-inside-event.ts'
import { responsesFailed } from './responses-failed.ts'
import { responsesNoCompleted } from './responses-no-completed.ts'
import { responsesSequenceGap } from './responses-sequence-gap.ts'
import { responsesSequenceRepeat } from './responses-sequence-repeat.ts'
import { retryAfter503 } from './retry-after-503.ts'
import { shortContentLength } from './short-content-length.ts'
import { slowHeaders } from './slow-headers.ts'
import { splitByBlankLine } from './split-by-blank-line.ts'
import { stallForever } from './stall-forever.ts'
import { stallThenClose } from './stall-then-close.ts'
import { stallThenContinue } from './stall-then-continue.ts'
import { streamIgnored } from './stream-ignored.ts'
import { truncatedBrotli } from './truncated-brotli.ts'
import { truncatedDeflate } from './truncated-deflate.ts'
import { truncatedGzip } from './truncated-gzip.ts'
import { twoObjects } from './two-objects.ts'
import { unterminatedEvent } from './unterminated-event.ts'
import { upstreamErrorEvent } from './upstream-error-event.ts'
import { upstreamError } from './upstream-error.ts'
import { usageMissing } from './usage-missing.ts'

/**
 * Everything that can go wrong, one file each.
 *
 * @public
 */
export const FAULTS: readonly Injector[] = [
  cutInsideEvent,
  cutBetweenEvents,
  closeInsideEvent,
  cutUntilClose,
  noDone,
  resetInsideEvent,
  shortContentLength,
  truncatedGzip,
  truncatedDeflate,
  truncatedBrotli,
  corruptGzip,
  corruptBrotli,
  badChunkFraming,
  emptyBody,
  onlyComments,
  htmlPage,
  jsonErrorPage,
  streamIgnored,
  ndjson,
  cutJson,
  splitByBlankLine,
  twoObjects,
  interleavedEvents,
  joinedEvents,
  rawNewline,
  notJson,
  htmlAsEvent,
  htmlMidStream,
  emptyEvent,
  unterminatedEvent,
  upstreamError,
  upstreamErrorEvent,
  http401,
  http403Html,
  http404,
  http429,
  http500,
  http502,
  retryAfter503,
  stallThenContinue,
  stallThenClose,
  stallForever,
  hangAfterDone,
  slowHeaders,
  resetBeforeHeaders,
  closeBeforeHeaders,
  lateReset,
  lateClose,
  lateData,
  buffered,
  gzipFlushedLate,
  coalesced,
  invalidUtf8,
  usageMissing,
  cutToolArguments,
  responsesNoCompleted,
  responsesFailed,
  responsesSequenceGap,
  responsesSequenceRepeat,
]
