import type { Product } from '../setting.ts'

export const vercel: Product = {
  id: 'vercel',
  name: 'Vercel',
  kind: 'hop',
  settings: [
    {
      topic: 'duration_limit',
      where: 'in the file of the route, with 300 on Hobby',
      snippet: 'export const maxDuration = 800',
      why: 'The time of a function counts until the last byte of its stream.',
      bites: '300 s; the most is 300 s on Hobby and 800 s on Pro and Enterprise, or 1800 s in beta.',
      costs: 'The memory of a function that hangs is paid for as long.',
      since: 'Next.js 13.4.10',
      source: 'https://vercel.com/docs/functions/limitations',
      verified: 'documented',
    },
  ],
  without: {
    buffering: 'It sends on what a function writes.',
    compression: 'It does not hold event streams back to compress them.',
    idle_timeout: 'It has no timer for silence of its own: `maxDuration` is what ends a stream.',
    first_byte: 'Only the Edge runtime limits it, to 25 s: take `export const runtime` out where it names that.',
    error_page: 'Its own errors have their own status.',
    request_size: '4.5 MB for the body of a function, which cannot be changed.',
  },
}
