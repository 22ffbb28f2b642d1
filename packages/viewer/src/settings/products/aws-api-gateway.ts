import type { Product, Setting } from '../setting.ts'

const STREAMING = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html'

const STREAM: Omit<Setting, 'topic' | 'why' | 'bites'> = {
  where:
    'in the OpenAPI definition of the method, with the address of the model; REST APIs only, which are then deployed anew',
  snippet: `x-amazon-apigateway-integration:
  type: http_proxy
  httpMethod: POST
  uri: https://model.example.com/v1/chat/completions
  responseTransferMode: STREAM
  timeoutInMillis: 900000`,
  costs: 'No endpoint cache, no compression and no VTL for the answer; streaming has a price of its own.',
  since: 'November 2025',
  source: STREAMING,
  verified: 'documented',
}

export const awsApiGateway: Product = {
  id: 'aws_api_gateway',
  name: 'AWS API Gateway',
  kind: 'hop',
  settings: [
    {
      ...STREAM,
      topic: 'buffering',
      why: 'The answer goes on while it comes, instead of when it is whole.',
      bites: '`BUFFERED`: the whole answer is held back.',
    },
    {
      ...STREAM,
      topic: 'duration_limit',
      why: 'An answer may take 15 minutes where it is streamed.',
      bites: '29 s for the whole answer.',
    },
    {
      ...STREAM,
      topic: 'first_byte',
      why: 'The same limit is for the wait for the headers, which ends as a 504.',
      bites: '29 s.',
    },
    {
      topic: 'idle_timeout',
      where: 'in a shell, with the id of the API, which is then deployed anew',
      snippet: `aws apigateway update-rest-api --rest-api-id "$API_ID" \\
  --patch-operations op=replace,path=/endpointConfiguration/types/EDGE,value=REGIONAL`,
      why: 'A streamed answer may be silent for 5 minutes at a regional endpoint.',
      bites: '30 s without a byte at edge-optimized endpoints, which cannot be changed.',
      costs: 'The API is no longer reached through the edge that AWS puts before it.',
      since: 'November 2025',
      source: STREAMING,
      verified: 'documented',
    },
  ],
  without: {
    compression: 'It does not compress answers that are streamed.',
    error_page: 'Proxy integrations pass errors on, and its own have their own status.',
    request_size: '10 MB, which cannot be changed.',
  },
}
