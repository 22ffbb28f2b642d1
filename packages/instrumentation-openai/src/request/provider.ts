/** Hosts whose provider is certain; a pattern with `*.` stands for any subdomain. */
const PROVIDERS: readonly (readonly [host: RegExp, provider: string])[] = [
  [/\.openai\.azure\.com$/, 'azure.ai.openai'],
  [/\.(services\.ai|cognitiveservices)\.azure\.com$/, 'azure.ai.openai'],
  [/\.models\.ai\.azure\.com$/, 'azure.ai.inference'],
  [/^api\.groq\.com$/, 'groq'],
  [/^api\.mistral\.ai$/, 'mistral_ai'],
  [/^api\.deepseek\.com$/, 'deepseek'],
  [/^api\.x\.ai$/, 'x_ai'],
  [/^api\.perplexity\.ai$/, 'perplexity'],
  [/^generativelanguage\.googleapis\.com$/, 'gcp.gemini'],
  [/-aiplatform\.googleapis\.com$/, 'gcp.vertex_ai'],
  [/^bedrock-[a-z-]+\.[a-z0-9-]+\.(amazonaws\.com|api\.aws)$/, 'aws.bedrock'],
  [/^api\.anthropic\.com$/, 'anthropic'],
  [/^api\.cohere\.(ai|com)$/, 'cohere'],
]

/** `gen_ai.provider.name`: told from the host where that is certain, else that of the SDK. */
export function findProvider(host: string): string {
  return PROVIDERS.find(([pattern]) => pattern.test(host))?.[1] ?? 'openai'
}
