import { closeBeforeHeaders } from '../../faults/close-before-headers.ts'
import { emptyBody } from '../../faults/empty-body.ts'
import { htmlPage } from '../../faults/html-page.ts'
import { http401 } from '../../faults/http-401.ts'
import { http403Html } from '../../faults/http-403-html.ts'
import { http404 } from '../../faults/http-404.ts'
import { http429 } from '../../faults/http-429.ts'
import { http500 } from '../../faults/http-500.ts'
import { http502 } from '../../faults/http-502.ts'
import { jsonErrorPage } from '../../faults/json-error-page.ts'
import { onlyComments } from '../../faults/only-comments.ts'
import { resetBeforeHeaders } from '../../faults/reset-before-headers.ts'
import { slowHeaders } from '../../faults/slow-headers.ts'
import type { Injector } from '../../injector.ts'
import type { ProxyFault } from '../proxy-fault.ts'

const insteadOfUpstream = (injector: Injector): ProxyFault => ({
  ...injector,
  asksUpstream: false,
  play: (exchange) => {
    exchange.strike()
    return injector.play(exchange)
  },
})

/** What the fault server says without looking at the answer: the proxy says it in place of the upstream. */
export const INSTEAD_OF_UPSTREAM: readonly ProxyFault[] = [
  http401,
  http403Html,
  http404,
  http429,
  http500,
  http502,
  slowHeaders,
  resetBeforeHeaders,
  closeBeforeHeaders,
  htmlPage,
  jsonErrorPage,
  emptyBody,
  onlyComments,
].map(insteadOfUpstream)
