import type { Product, Setting } from '../setting.ts'

const READ_TIMEOUT: Omit<Setting, 'topic' | 'why' | 'bites'> = {
  where: 'in the CloudFormation template, in the `CustomOriginConfig` of the origin',
  snippet: 'OriginReadTimeout: 120',
  costs: 'An origin that hangs holds its connections as long.',
  source:
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesOriginResponseTimeout',
  verified: 'documented',
}

export const cloudfront: Product = {
  id: 'cloudfront',
  name: 'AWS CloudFront',
  kind: 'hop',
  settings: [
    {
      ...READ_TIMEOUT,
      topic: 'idle_timeout',
      why: 'It counts the silence between two packets of the origin.',
      bites: '30 s without a byte; 120 s at most, and more by a quota request.',
    },
    {
      ...READ_TIMEOUT,
      topic: 'first_byte',
      why: 'The same timer is for the wait for the headers, which ends as a 504.',
      bites: '30 s.',
    },
  ],
  without: {
    buffering: 'It sends on what it has.',
    compression: 'text/event-stream is not among the types that it compresses.',
    duration_limit: 'No limit, unless `ResponseCompletionTimeout` is set, which is to be raised there.',
    error_page: 'It passes errors on, unless `CustomErrorResponses` maps them to a page with 200.',
    request_size: 'No limit that a prompt would reach.',
  },
}
